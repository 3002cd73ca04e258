import assert from "node:assert/strict";
import { test } from "node:test";

import { object } from "../src/index.js";
import { complete, read } from "../src/schema.js";

const range = object({ start: { type: "integer" }, end: { type: ["integer", "null"], default: null } });

const schema = object(
  {
    ranges: { type: "array", items: range, minItems: 1, description: "What to look at." },
    share: { type: "number", minimum: 0, maximum: 1, default: 0.5 },
    mode: { enum: ["fast", "slow", 3], default: "fast" },
    weights: { type: "object", additionalProperties: { type: "number" } },
    kind: { anyOf: [{ type: "boolean" }, object({ of: { const: "x" } })] },
    rest: {},
  },
  { description: "What to do.", optional: ["weights", "kind", "rest"] },
);

test("an object is closed, and what has a default is not required", () => {
  const done = complete(schema);
  assert.equal(done.$schema, "https://json-schema.org/draft/2020-12/schema");
  assert.equal(done.description, "What to do.");
  assert.deepEqual(done.required, ["ranges"]);
  assert.equal(done.additionalProperties, false);
  assert.deepEqual(done.properties.ranges.items.required, ["start"]);
  assert.equal(done.properties.ranges.items.additionalProperties, false);
  assert.equal(done.properties.kind.anyOf[1].additionalProperties, false);
  assert.deepEqual(done.properties.weights, { type: "object", additionalProperties: { type: "number" } });
});

test("an object that says that it is open stays open, and a property may be called `properties`", () => {
  const done = complete(object({ properties: object({ a: {} }), open: { ...object({}), additionalProperties: true } }));
  assert.equal(done.properties.open.additionalProperties, true);
  assert.equal(done.properties.properties.additionalProperties, false);
  const parts = { allOf: [object({ a: {} }), object({ b: {} })] };
  assert.deepEqual(complete(parts).allOf, JSON.parse(JSON.stringify(parts.allOf)));
});

test("defaults are filled in, everywhere", () => {
  assert.deepEqual(read(schema, { ranges: [{ start: 3 }], rest: { any: [null] } }, "inputs"), {
    ranges: [{ start: 3, end: null }],
    share: 0.5,
    mode: "fast",
    rest: { any: [null] },
  });
});

test("an integer that JavaScript cannot hold is refused instead of changed", () => {
  const large = object({ n: { type: "integer" }, x: { type: "number", default: 0 } });
  const readText = (/** @type {string} */ text) => read(large, JSON.parse(text), "inputs");
  assert.deepEqual(readText('{"n": 9007199254740991, "x": 1e300}'), { n: 9007199254740991, x: 1e300 });
  for (const n of ["9007199254740993", "-9007199254740993", "1e300"]) {
    assert.throws(() => readText(`{"n": ${n}}`), /inputs\.n does not fit: expected an integer from -\(2\^53 - 1\) to 2\^53 - 1/);
  }
});

test("what does not fit is named with its place and what was expected", () => {
  const good = { ranges: [{ start: 1 }] };
  for (const [change, message] of /** @type {[object, string][]} */ ([
    [{ ranges: null }, "inputs.ranges does not fit: expected a list, found null"],
    [{ ranges: [{ start: 1 }, { start: "x" }] }, 'inputs.ranges[1].start does not fit: expected an integer, found the text "x"'],
    [{ ranges: [{ start: 1.5 }] }, "inputs.ranges[0].start does not fit: expected an integer, found the number 1.5"],
    [{ ranges: [{}] }, "inputs.ranges[0].start does not fit: it is missing, expected an integer"],
    [{ ranges: [{ start: 1, stop: 2 }] }, "ranges[0].stop does not fit: unknown property, expected one of `start`, `end`"],
    [{ ranges: [{ start: 1, end: "x" }] }, "end does not fit: expected an integer or null, found the text"],
    [{ ranges: [] }, "inputs.ranges does not fit: expected a list of 1 or more items, found a list"],
    [{ share: 1.5 }, "inputs.share does not fit: expected a number of 1 or less, found the number 1.5"],
    [{ mode: "odd" }, 'inputs.mode does not fit: expected one of "fast", "slow", 3, found the text "odd"'],
    [{ weights: { a: "b" } }, 'inputs.weights.a does not fit: expected a number, found the text "b"'],
    [{ kind: 7 }, "inputs.kind does not fit: expected a boolean or an object, found the number 7"],
    [{ kind: { of: "y" } }, 'inputs.kind.of does not fit: expected "x", found the text "y"'],
  ])) {
    assert.throws(
      () => read(schema, { ...good, ...change }, "inputs"),
      (error) => error instanceof Error && (assert.ok(error.message.includes(message), error.message), true),
    );
  }
});

test("references lead to the schema's own definitions", () => {
  const tree = {
    $defs: { node: object({ name: { type: "string" }, children: { type: "array", items: { $ref: "#/$defs/node" }, default: [] } }) },
    $ref: "#/$defs/node",
  };
  const value = { name: "a", children: [{ name: "b" }] };
  assert.deepEqual(read(tree, value, "inputs"), { name: "a", children: [{ name: "b", children: [] }] });
  assert.throws(() => read(tree, { name: "a", children: [{}] }, "inputs"), /inputs\.children\[0\]\.name does not fit/);
});

test("a checkpoint may have properties that are not known any more", () => {
  const state = object({ n: { type: "integer" } });
  assert.deepEqual(read(state, { n: 1, old: 2 }, "checkpoint", { unknownProperties: "ignored" }), { n: 1 });
  assert.throws(() => read(state, { n: 1, old: 2 }, "inputs"));
});
