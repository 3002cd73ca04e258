// The running job as its module sees it.

import * as host from "#host";
import { Failure, InvalidJsonError, saving } from "./errors.js";
import { Misfit, read } from "./schema.js";

export class Job {
  /** @type {string | undefined} */
  #checkpoint;

  /**
   * @param {string} id
   * @param {number} attempt
   * @param {string | undefined} checkpoint
   */
  constructor(id, attempt, checkpoint) {
    this.id = id;
    this.attempt = attempt;
    this.#checkpoint = checkpoint;
  }

  /** @param {import("./schema.js").Schema} [schema] */
  checkpoint(schema) {
    if (this.#checkpoint === undefined) return undefined;
    const value = JSON.parse(this.#checkpoint);
    return schema === undefined ? value : fitting(() => read(schema, value, "checkpoint", { unknownProperties: "ignored" }));
  }

  /** @param {object} state */
  saveCheckpoint(state) {
    const text = toJson(state);
    saving(() => host.saveCheckpoint(text));
  }

  /** @param {object} result */
  saveResult(result) {
    const text = toJson(result);
    saving(() => host.saveResult(text));
  }

  /**
   * @param {number} done
   * @param {number} [total]
   */
  reportProgress(done, total) {
    host.reportProgress(counted("done", done), total === undefined ? undefined : counted("total", total));
  }

  get isCancelled() {
    return host.isCancelled();
  }

  /** @param {number} milliseconds */
  sleep(milliseconds) {
    if (!(milliseconds >= 0)) {
      throw new RangeError(`a job cannot sleep for ${milliseconds} milliseconds: the time must be 0 or more`);
    }
    host.sleep(Math.ceil(Math.min(milliseconds, Number.MAX_SAFE_INTEGER)));
  }
}

/**
 * Turns a misfit into a failure.
 * @template T
 * @param {() => T} reading
 * @returns {T}
 */
export function fitting(reading) {
  try {
    return reading();
  } catch (error) {
    throw error instanceof Misfit ? new Failure(error.message) : error;
  }
}

/**
 * @param {unknown} value
 * @returns {string}
 */
function toJson(value) {
  let text;
  try {
    text = JSON.stringify(value);
  } catch (error) {
    throw new InvalidJsonError(error instanceof Error ? error.message : String(error));
  }
  if (text === undefined) throw new InvalidJsonError(`\`${typeof value}\` has no place in JSON`);
  return text;
}

/**
 * @param {string} name
 * @param {number} value
 */
function counted(name, value) {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new RangeError(`progress cannot be reported: \`${name}\` is ${value}, and must be a whole number from 0 to 2^53 - 1`);
  }
  return value;
}
