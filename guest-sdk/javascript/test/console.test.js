import assert from "node:assert/strict";
import { test } from "node:test";

import { createConsole, format } from "../src/console.js";
import { inspect } from "../src/inspect.js";
import { defineModule } from "../src/index.js";
import { run } from "../src/testing.js";

/** @param {(console: import("../src/index.js").HostConsole) => void} use */
function lines(use) {
  /** @type {string[][]} */
  const log = [];
  use(createConsole((message, level) => log.push([level, message])));
  return log;
}

test("each method has its level", () => {
  const levels = lines((console) => {
    console.trace("");
    console.debug("");
    console.log("");
    console.info("");
    console.warn("");
    console.error("");
    console.critical("");
    console.assert(true, "");
    console.assert(false, "odd");
  }).map(([level, message]) => level + message);
  assert.deepEqual(levels, ["trace", "debug", "info", "info", "warn", "error", "critical", "errorAssertion failed: odd"]);
});

test("a module's console is the job's log, and the process's own afterwards", () => {
  const before = globalThis.console;
  const module = defineModule({ name: "logs", version: "0.1.0", run: () => console.warn("half \ud800") });
  assert.deepEqual(run(module).log, [["warn", "half \ufffd"]]);
  assert.equal(globalThis.console, before);
});

test("groups are indented", () => {
  const log = lines((console) => {
    console.group("one");
    console.log("two\nthree");
    console.groupEnd();
    console.log("four");
  });
  assert.deepEqual(log.map(([, message]) => message), ["one", "  two\n  three", "four"]);
});

test("place-holders are filled in as everywhere", () => {
  assert.equal(format(["%s has %d of %i, %f%% %j %o", "a", "1", 2.5, "0.5x", { b: 1 }, [1]]), 'a has 1 of 2, 0.5% {"b":1} [1]');
  assert.equal(format(["100%", "more", 1]), "100% more 1");
  assert.equal(format(["%s"]), "%s");
  assert.equal(format([]), "");
});

test("values are shown as Node.js shows them", () => {
  class Point {
    x = 1;
    "a b" = "text";
  }
  const circle = { name: "c", self: {} };
  circle.self = circle;
  const shown = [
    new Point(), circle, new Map([["k", new Set([1])]]), [undefined, null, 1n], new Uint8Array([1, 2]), Object.create(null),
    { a: { b: { c: { d: {} } } } }, new Date(0), /x/g, () => 1, Symbol("s"),
  ].map(inspect); // prettier-ignore
  assert.deepEqual(shown, [
    'Point {x: 1, "a b": "text"}', '{name: "c", self: [Circular]}', 'Map {"k" => Set {1}}', "[undefined, null, 1n]",
    "Uint8Array [1, 2]", "[Object: null prototype] {}", "{a: {b: {c: {d: [Object]}}}}", "1970-01-01T00:00:00.000Z", "/x/g",
    "[Function (anonymous)]", "Symbol(s)",
  ]); // prettier-ignore
  assert.match(inspect(new Error("odd")), /^Error: odd\n +at /);
  const error = new Error("odd");
  error.cause = error;
  assert.match(inspect(error), /caused by \[Circular\]$/);
});
