// Makes the component: node build.mjs SOURCE WIT COMPONENT
import { readFile, writeFile } from "node:fs/promises";
import { componentize } from "@bytecodealliance/componentize-js";

const [source, witPath, made] = process.argv.slice(2);
const { component } = await componentize(await readFile(source, "utf8"), { witPath, worldName: "module" });
await writeFile(made, component);
