// The host's functions everywhere else: those of `testing.run` while it runs a module, and none otherwise.

export const isComponent = false;

/** @typedef {typeof import("cofferdam:module/job-context@0.1.0")} Host */

/** @type {Host | undefined} */
let current;

/**
 * Runs `body` with this host.
 * @template T
 * @param {Host} host
 * @param {() => T} body
 * @returns {T}
 */
export function withHost(host, body) {
  const before = current;
  current = host;
  try {
    return body();
  } finally {
    current = before;
  }
}

/** @returns {Host} */
function host() {
  if (current === undefined) {
    throw new Error("there is no host outside a component: run the module with `run` of `cofferdam-sdk/testing`");
  }
  return current;
}

/** @type {Host["jobId"]} */
export const jobId = () => host().jobId();
/** @type {Host["isCancelled"]} */
export const isCancelled = () => host().isCancelled();
/** @type {Host["log"]} */
export const log = (message, level) => host().log(message, level);
/** @type {Host["saveResult"]} */
export const saveResult = (data) => host().saveResult(data);
/** @type {Host["saveCheckpoint"]} */
export const saveCheckpoint = (checkpoint) => host().saveCheckpoint(checkpoint);
/** @type {Host["reportProgress"]} */
export const reportProgress = (done, total) => host().reportProgress(done, total);
/** @type {Host["sleep"]} */
export const sleep = (milliseconds) => host().sleep(milliseconds);
