// Makes bindings/ from the contract: node regenerate-bindings.mjs WIT
//
// Needs `npm install --no-save @bytecodealliance/jco@1.35.0` first. It is called as a library because its command
// does not find WIT files on every system. What it calls `bigint`, 64-bit numbers, are plain numbers on QuickJS. The
// packages of `wasi:http` have the name that they have until a component is made: see BUILDING.md.
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { $init, generateTypes } from "./node_modules/@bytecodealliance/jco-transpile/vendor/js-component-bindgen-component.js";

await $init;
const folder = process.argv[2];
const own = await readFile(join(folder, "module.wit"), "utf8");
const withHttp = await readFile(join(folder, "module-http.wit"), "utf8");
const deps = (await readdir(join(folder, "deps"))).filter((name) => name.endsWith(".wit"));
const others = await Promise.all(deps.map((name) => readFile(join(folder, "deps", name), "utf8")));

// One text in place of the files of a folder: each further package stands in braces.
const nested = others.map((text) => text.replace(/^package ([^;]+);/m, "package $1 {") + "\n}\n");
const whole = [own, withHttp.replace(/^package [^;]+;/m, ""), ...nested].join("\n");
const wit = whole.replaceAll("wasi:", "late:").replaceAll("0.2.12", "0.2.11");

const bindings = join(import.meta.dirname ?? ".", "bindings");
await rm(bindings, { recursive: true, force: true });
await mkdir(bindings);
await writeFile(join(bindings, "generated-from.wit"), own + withHttp);
const options = { name: "module", world: "module-http", guest: true, tlaCompat: false, features: { tag: "list", val: [] } };
for (const [name, bytes] of generateTypes("module", { ...options, wit: { tag: "source", val: wit } })) {
  const file = join(bindings, name);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, new TextDecoder().decode(bytes).replaceAll("bigint", "number"));
}
