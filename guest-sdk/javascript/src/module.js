// From a definition to a module: what it says about itself, and how a job reaches it.

import * as host from "#host";
import { createConsole } from "./console.js";
import { Failure, messageWithCauses } from "./errors.js";
import { inspect, showError } from "./inspect.js";
import { Job, fitting } from "./job.js";
import { randomFrom } from "./random.js";
import { complete, object, read } from "./schema.js";
import { wellFormed } from "./text.js";

/** @typedef {import("cofferdam:module/types@0.1.0").Job} RawJob */

const NAME = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const VERSION = /^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/;

/** @param {any} definition */
export function defineModule(definition) {
  check(definition);
  const inputs = definition.inputs ?? object({});
  const settings = definition.settings ?? object({});
  // Made once, while the component is built.
  const info = {
    name: definition.name,
    version: definition.version,
    description: wellFormed(definition.description ?? ""),
    inputsSchema: JSON.stringify(complete(inputs)),
    settingsSchema: JSON.stringify(complete(settings)),
  };

  /** @param {RawJob} raw */
  function cofferdamAttempt(raw) {
    const given = {
      inputs: fitting(() => read(inputs, JSON.parse(raw.inputs), "inputs")),
      settings: fitting(() => read(settings, JSON.parse(raw.settings), "settings")),
    };
    const job = new Job(raw.id, raw.attempt, raw.checkpoint ?? undefined);
    const returned = definition.run(job, given.inputs, given.settings);
    if (typeof returned?.then === "function") {
      throw new Failure("`run` returned a promise, which nothing in a component waits for: make it an ordinary function");
    }
    if (returned !== undefined) {
      host.log("`run` returned a value, which is dropped: save it with `job.saveResult`", "warn");
    }
  }

  return {
    describe: () => info,
    /** @param {RawJob} raw */
    run(raw) {
      if (host.isComponent) Math.random = randomFrom(`${raw.id} ${raw.attempt} ${Date.now()}`);
      const failure = withConsole(() => failureOf(() => cofferdamAttempt(raw)));
      if (failure === undefined) return;
      // The form in which the component's bindings take the error of a WIT `result`.
      throw { tag: failure.retryable ? "retryable" : "permanent", val: wellFormed(messageWithCauses(failure)) };
    },
  };
}

/** @param {any} definition */
function check({ name, version, run }) {
  if (typeof name !== "string" || !NAME.test(name) || name.length > 64) {
    throw new TypeError(`\`${name}\` cannot be a module's name: use 1 to 64 lowercase letters, digits and single hyphens`);
  }
  if (typeof version !== "string" || !VERSION.test(version)) {
    throw new TypeError(`\`${version}\` is no version: use three numbers, such as \`1.0.0\``);
  }
  if (typeof run !== "function" || /^(Async|Generator)/.test(run.constructor.name)) {
    throw new TypeError("`run` must be an ordinary function: the host calls it once and waits for its end");
  }
}

/**
 * @param {() => void} body
 * @returns {Failure | undefined}
 */
function failureOf(body) {
  try {
    body();
    return undefined;
  } catch (error) {
    if (error instanceof Failure) return error;
    const message = error instanceof Error ? String(error) : `thrown: ${inspect(error)}`;
    host.log(wellFormed(error instanceof Error ? showError(error) : message), "error");
    return new Failure(message, error instanceof Error && error.cause !== undefined ? { cause: error.cause } : {});
  }
}

let isRunning = false;

// QuickJS has no `console`. It is there from the start, for packages that take hold of its functions when they are
// imported; while the component is built there is no log to write to.
if (host.isComponent) {
  globalThis.console = /** @type {any} */ (
    createConsole((message, level) => {
      if (isRunning) host.log(message, level);
    })
  );
}

/**
 * Runs `body` while `console` leads to the host's log.
 * @template T
 * @param {() => T} body
 * @returns {T}
 */
function withConsole(body) {
  if (host.isComponent) {
    isRunning = true;
    return body();
  }
  const before = globalThis.console;
  globalThis.console = /** @type {any} */ (createConsole(host.log));
  try {
    return body();
  } finally {
    globalThis.console = before;
  }
}
