import assert from "node:assert/strict";
import { test } from "node:test";

import { run } from "cofferdam-sdk/testing";

import { runner } from "../src/module.js";

const texts = ["one two", "three"];

test("each text has a result and all have a total", () => {
  const recording = run(runner, { texts });
  assert.equal(recording.failure, undefined);
  assert.deepEqual(recording.results, [{ text: "one two", words: 2 }, { text: "three", words: 1 }, { total: 3 }]);
  assert.deepEqual(recording.progress.at(-1), [2, 2]);
});

test("short words are left out when asked for", () => {
  assert.deepEqual(run(runner, { texts }, { settings: { shortest: 4 } }).results.at(-1), { total: 1 });
});

test("it goes on from its checkpoint", () => {
  const stopped = run(runner, { texts }, { cancelAfter: 1 });
  assert.deepEqual(stopped.checkpoints, [{ done: 1, words: 2 }]);
  const resumed = run(runner, { texts }, { checkpoint: stopped.checkpoints[0], attempt: 2 });
  assert.deepEqual(resumed.results, [{ text: "three", words: 1 }, { total: 3 }]);
});
