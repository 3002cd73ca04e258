// Makes bindings/ from the contract: node regenerate-bindings.mjs WIT/module.wit
//
// Needs `npm install --no-save @bytecodealliance/jco@1.35.0` first. It is called as a library because its command
// does not find WIT files on every system. What it calls `bigint`, 64-bit numbers, are plain numbers on QuickJS.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { $init, generateTypes } from "./node_modules/@bytecodealliance/jco-transpile/vendor/js-component-bindgen-component.js";

await $init;
const wit = await readFile(process.argv[2], "utf8");
const options = { name: "module", world: "module", guest: true, tlaCompat: false, features: { tag: "list", val: [] } };
await writeFile(join(import.meta.dirname ?? ".", "bindings/generated-from.wit"), wit);
for (const [name, bytes] of generateTypes("module", { ...options, wit: { tag: "source", val: wit } })) {
  const file = join(import.meta.dirname ?? ".", "bindings", name);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, new TextDecoder().decode(bytes).replaceAll("bigint", "number"));
}
