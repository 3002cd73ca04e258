#!/bin/sh
# Writes bindings/ anew from the contract. Needed only when wit/ changes.
#
#   cargo install wit-bindgen-cli --version 0.63.0 --locked --no-default-features --features c,async
#   ./regenerate-bindings.sh ../../wit
#
# Without the object file that would say the component's types, and without what links it: the wrapping reads them from
# wit/ itself.
set -eu
wit=${1:?"usage: $0 FOLDER-WITH-MODULE.WIT"}
cd "$(dirname "$0")"
wit-bindgen c --world module-http --rename-world module --no-object-file --out-dir bindings "$wit"
sed '/^\/\/ Ensure that the \*_component_type.o object is linked in/,$d' bindings/module.c >bindings/module.c.new
mv bindings/module.c.new bindings/module.c
cat "$wit/module.wit" "$wit/module-http.wit" >bindings/generated-from.wit
