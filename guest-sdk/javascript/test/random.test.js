import assert from "node:assert/strict";
import { test } from "node:test";

import { randomFrom } from "../src/random.js";

test("numbers are spread evenly from 0 up to 1, and follow from their seed", () => {
  const random = randomFrom("job-1");
  const numbers = Array.from({ length: 20_000 }, random);
  assert.ok(numbers.every((number) => number >= 0 && number < 1));
  const tenths = Array.from({ length: 10 }, (_, tenth) => numbers.filter((number) => Math.floor(number * 10) === tenth).length);
  assert.ok(tenths.every((count) => Math.abs(count - 2000) < 200), String(tenths));
  assert.notEqual(numbers[0], randomFrom("job-2")());
  assert.equal(numbers[0], randomFrom("job-1")());
});
