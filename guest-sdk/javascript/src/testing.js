// Runs a module natively, with a stand-in for the host, and records what it did.

import { withHost } from "./host/stand-in.js";
import { Failure } from "./errors.js";
import { withServers } from "./http/stand-in.js";

/**
 * @param {{ run(job: any): void }} runner
 * @param {object} [inputs]
 * @param {import("./testing.js").Options} [options]
 * @returns {import("./testing.js").Recording}
 */
export function run(runner, inputs = {}, options = {}) {
  const { settings = {}, checkpoint, attempt = 1 } = options;
  /** @type {import("./testing.js").Recording} */
  const recording = { failure: undefined, results: [], finalResults: 0, checkpoints: [], log: [], progress: [], sleptMs: 0 };
  const raw = {
    id: "test-job",
    attempt,
    inputs: JSON.stringify(inputs),
    settings: JSON.stringify(settings),
    checkpoint: checkpoint === undefined ? undefined : JSON.stringify(checkpoint),
  };
  try {
    withServers(options.http, () => withHost(standIn(recording, options), () => runner.run(raw)));
  } catch (thrown) {
    const { tag, val } = /** @type {any} */ (thrown);
    if (tag === undefined) throw thrown;
    recording.failure = new Failure(val, { retryable: tag === "retryable" });
  }
  return recording;
}

/**
 * @param {import("./testing.js").Recording} recording
 * @param {import("./testing.js").Options} options
 * @returns {import("./host/stand-in.js").Host}
 */
function standIn(recording, { cancelAfter = Infinity, limits = {} }) {
  let asked = 0;
  return {
    jobId: () => "test-job",
    isCancelled: () => ++asked > cancelAfter,
    log: (message, level) => void recording.log.push([level, message]),
    saveResult(data) {
      const result = objectOf(data, limits.resultBytes);
      if (recording.results.length === limits.results) {
        refuse("limit-reached", `a job saves at most ${limits.results} results`);
      }
      recording.results.push(result);
    },
    saveCheckpoint(checkpoint) {
      recording.checkpoints.push(objectOf(checkpoint, limits.checkpointBytes));
      recording.finalResults = recording.results.length;
    },
    reportProgress: (done, total) => void recording.progress.push([done, total]),
    sleep: (milliseconds) => void (recording.sleptMs += milliseconds),
  };
}

/**
 * @param {string} text
 * @param {number} [limitBytes]
 */
function objectOf(text, limitBytes = Infinity) {
  if (Buffer.byteLength(text) > limitBytes) refuse("too-large", limitBytes);
  let value;
  try {
    value = JSON.parse(text);
  } catch (error) {
    refuse("invalid-json", String(error));
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) refuse("invalid-json", "the text is not an object");
  return value;
}

/**
 * As the component's bindings throw the error of a WIT `result`.
 * @param {string} tag
 * @param {string | number} val
 */
function refuse(tag, val) {
  throw Object.assign(new Error(`${tag}: ${val}`), { payload: { tag, val } });
}
