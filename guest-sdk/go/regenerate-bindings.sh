#!/bin/sh
# Writes bindings/ anew from the contract. Needed only when wit/ changes.
#
#   cargo install wit-bindgen-cli --version 0.63.0 --locked --no-default-features --features go,async
#   ./regenerate-bindings.sh ../../wit
#
# wit-bindgen's Go bindings stand on the module go.bytecodealliance.org/pkg. The two of its packages that they need,
# wit/types and wit/runtime, lie in bindings/wit with their licence, so that a module builds without a network.
set -eu
wit=${1:?"usage: $0 FOLDER-WITH-MODULE.WIT"}
cd "$(dirname "$0")"
rm -rf bindings/imports bindings/exports/wit_exports
wit-bindgen go --world module-http --pkg-name cofferdam/bindings --out-dir bindings "$wit"
find bindings/imports bindings/exports/wit_exports -name '*.go' | while read -r file; do
	{
		printf '//go:build wasip1\n\n'
		sed 's|go.bytecodealliance.org/pkg/wit/|cofferdam/bindings/wit/|' "$file"
	} >"$file.new"
	mv "$file.new" "$file"
done
rm -rf bindings/imports/cofferdam_module_runner
gofmt -w bindings
cat "$wit/module.wit" "$wit/module-http.wit" >bindings/generated-from.wit
