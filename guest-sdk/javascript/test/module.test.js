import assert from "node:assert/strict";
import { test } from "node:test";

import * as bindings from "../src/bindings.js";
import { Failure, InvalidJsonError, LimitReachedError, TooLargeError, defineModule, object } from "../src/index.js";
import { run } from "../src/testing.js";

/** @typedef {import("../src/index.js").Job} Job */

const adder = defineModule({
  name: "adder",
  version: "1.0.0",
  description: "Adds numbers",
  inputs: object({ numbers: { type: "array", items: { type: "number" } } }),
  settings: object({ times: { type: "integer", default: 1 } }),
  run(job, inputs, settings) {
    const state = job.checkpoint(object({ total: { type: "number" } })) ?? { total: 0 };
    for (const [index, number] of inputs.numbers.entries()) {
      if (job.isCancelled) return;
      state.total += number * settings.times;
      job.saveCheckpoint(state);
      job.reportProgress(index + 1, inputs.numbers.length);
    }
    job.saveResult(state);
  },
});

/** @param {(job: Job) => any} body */
const made = (body) => defineModule({ name: "made", version: "0.1.0", run: (job) => body(job) });

test("a module describes itself", () => {
  const info = adder.describe();
  assert.deepEqual([info.name, info.version, info.description], ["adder", "1.0.0", "Adds numbers"]);
  assert.deepEqual(JSON.parse(info.inputsSchema).required, ["numbers"]);
  assert.equal(JSON.parse(info.settingsSchema).required, undefined);
  assert.equal(JSON.parse(made(() => {}).describe().inputsSchema).additionalProperties, false);
});

test("what could never work is refused at once", () => {
  const body = { name: "a", version: "1.0.0", run() {} };
  for (const name of ["", "-a", "a--b", "A", "a_b", "a".repeat(65), "a\n"]) {
    assert.throws(() => defineModule({ ...body, name }), /lowercase letters/, name);
  }
  for (const version of ["1", "1.0", "v1.0.0", "1.0.0.0"]) {
    assert.throws(() => defineModule({ ...body, version }), /three numbers/, version);
  }
  assert.throws(() => defineModule({ ...body, async run() {} }), /ordinary function/);
});

test("results, checkpoints and progress are kept", () => {
  const recording = run(adder, { numbers: [1, 2] }, { settings: { times: 2 }, checkpoint: { total: 10 }, attempt: 2 });
  assert.equal(recording.failure, undefined);
  assert.deepEqual(recording.results, [{ total: 16 }]);
  assert.deepEqual(recording.checkpoints, [{ total: 12 }, { total: 16 }]);
  assert.deepEqual(recording.progress, [[1, 2], [2, 2]]);
  assert.equal(recording.finalResults, 0);
});

test("a job stops when it is asked to", () => {
  const recording = run(adder, { numbers: [1, 2] }, { cancelAfter: 1 });
  assert.deepEqual([recording.checkpoints, recording.results], [[{ total: 1 }], []]);
});

test("what does not fit never reaches the function", () => {
  assert.equal(run(adder, { numbers: "x" }).failure?.message, 'inputs.numbers does not fit: expected a list, found the text "x"');
  assert.match(run(made(() => {}), { fast: true }).failure?.message ?? "", /inputs\.fast does not fit: .* no properties/);
  const failure = run(adder, { numbers: [1] }, { checkpoint: { total: "x" } }).failure;
  assert.match(failure?.message ?? "", /^checkpoint\.total does not fit: expected a number/);
  assert.equal(failure?.retryable, false);
});

test("a returned value or promise is not dropped in silence", () => {
  assert.match(run(made(() => ({ sum: 1 }))).log[0]?.[1] ?? "", /job\.saveResult/);
  assert.match(run(made(() => Promise.resolve())).failure?.message ?? "", /returned a promise/);
});

test("a failure says whether running again may help and why it came", () => {
  const failure = run(
    made(() => {
      throw new Failure("not fetched", { retryable: true, cause: new Error("no route \ud800") });
    }),
  ).failure;
  assert.deepEqual([failure?.message, failure?.retryable], ["not fetched: no route \ufffd", true]);
});

test("an exception that nobody catches is logged with its stack", () => {
  function deep() {
    throw new TypeError("lost", { cause: new Error("found") });
  }
  const recording = run(made(() => deep()));
  assert.equal(recording.failure?.message, "TypeError: lost: found");
  assert.equal(recording.log.length, 1);
  assert.equal(recording.log[0]?.[0], "error");
  assert.match(recording.log[0]?.[1] ?? "", /^TypeError: lost\n[^]*deep[^]*caused by Error: found/);
  assert.doesNotMatch(recording.log[0]?.[1] ?? "", /cofferdamAttempt|failureOf/);
  const circle = new Error("round");
  circle.cause = circle;
  assert.equal(run(made(() => { throw circle; })).failure?.message, "Error: round");
  assert.equal(run(made(() => { throw "text"; })).failure?.message, "thrown: text");
});

test("refusals are typed, and fail the job when nobody catches them", () => {
  /** @type {(value: any, limits?: object) => any} */
  const refusal = (value, limits = {}) => {
    let caught;
    run(
      made((job) => {
        try {
          job.saveResult(value);
        } catch (error) {
          caught = error;
        }
      }),
      {},
      { limits },
    );
    return caught;
  };
  const circle = {};
  Object.assign(circle, { circle });
  for (const value of [[1], "text", 7, undefined, { a: 1n }, circle]) {
    assert.ok(refusal(value) instanceof InvalidJsonError);
  }
  const large = refusal({ a: "x".repeat(9) }, { resultBytes: 8 });
  assert.ok(large instanceof TooLargeError);
  assert.equal(large.limitBytes, 8);
  const full = refusal({}, { results: 0 });
  assert.ok(full instanceof LimitReachedError);
  assert.equal(full.limit, "a job saves at most 0 results");
  const { failure } = run(made((job) => job.saveCheckpoint({ a: 1 })), {}, { limits: { checkpointBytes: 2 } });
  assert.match(failure?.message ?? "", /TooLargeError: not saved, because the JSON text is larger than 2 bytes/);
});

test("numbers that would trap the module are refused", () => {
  for (const call of /** @type {((job: Job) => void)[]} */ ([
    (job) => job.sleep(-1),
    (job) => job.sleep(Number.NaN),
    (job) => job.reportProgress(-1),
    (job) => job.reportProgress(1, 1.5),
  ])) {
    assert.match(run(made(call)).failure?.message ?? "", /must be/);
  }
  assert.equal(run(made((job) => job.sleep(10.1))).sleptMs, 11);
});

test("the raw functions reach the stand-in, and only while a module runs", () => {
  const recording = run(made((job) => job.saveResult({ same: bindings.jobId() === job.id })));
  assert.deepEqual(recording.results, [{ same: true }]);
  assert.throws(() => bindings.jobId(), /there is no host outside a component/);
});
