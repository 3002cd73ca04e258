// Why a run did not succeed, and why something was not saved.

export class Failure extends Error {
  /**
   * @param {string} message
   * @param {{ retryable?: boolean, cause?: unknown }} [options]
   */
  constructor(message, options = {}) {
    super(message, "cause" in options ? { cause: options.cause } : undefined);
    this.name = "Failure";
    this.retryable = options.retryable ?? false;
  }
}

export class SaveError extends Error {
  /** @param {string} message */
  constructor(message) {
    super(`not saved, because ${message}`);
    this.name = new.target.name;
  }
}

export class InvalidJsonError extends SaveError {
  /** @param {string} reason */
  constructor(reason) {
    super(`the value is not a JSON object: ${reason}`);
    this.reason = reason;
  }
}

export class TooLargeError extends SaveError {
  /** @param {number} limitBytes */
  constructor(limitBytes) {
    super(`the JSON text is larger than ${limitBytes} bytes`);
    this.limitBytes = limitBytes;
  }
}

export class LimitReachedError extends SaveError {
  /** @param {string} limit */
  constructor(limit) {
    super(`a limit of the job is used up: ${limit}`);
    this.limit = limit;
  }
}

/**
 * Calls one of the host's functions and throws its refusal as a `SaveError`.
 * @param {() => void} save
 */
export function saving(save) {
  try {
    save();
  } catch (error) {
    throw fromHost(/** @type {any} */ (error)?.payload) ?? error;
  }
}

/**
 * @param {import("cofferdam:module/types@0.1.0").SaveError | undefined} refusal
 * @returns {SaveError | undefined}
 */
function fromHost(refusal) {
  switch (refusal?.tag) {
    case "invalid-json":
      return new InvalidJsonError(refusal.val);
    case "too-large":
      return new TooLargeError(refusal.val);
    case "limit-reached":
      return new LimitReachedError(refusal.val);
    default:
      return undefined;
  }
}

/**
 * The message with those of its causes, joined by colons. A cause that the text already ends with is not said twice.
 * @param {Error} error
 */
export function messageWithCauses(error) {
  let text = error.message;
  const seen = new Set();
  for (let cause = error.cause; cause !== undefined; cause = cause instanceof Error ? cause.cause : undefined) {
    if (seen.has(cause)) break;
    seen.add(cause);
    const words = cause instanceof Error ? cause.message : String(cause);
    if (!text.endsWith(words)) text += `: ${words}`;
  }
  return text;
}
