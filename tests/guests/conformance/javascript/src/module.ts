// The conformance module in TypeScript: one behaviour for each thing that the SDK promises.

import { defineModule, Failure, type FromSchema, type Job, LimitReachedError, object, TooLargeError } from "cofferdam-sdk";
import * as bindings from "cofferdam-sdk/bindings";

const inputs = object(
  {
    behaviour: {
      enum: [
        "log-levels",
        "log-many",
        "log-size",
        "echo",
        "results",
        "big-result",
        "big-checkpoint",
        "full",
        "invalid-json",
        "checkpoints",
        "progress",
        "sleep",
        "wait-for-stop",
        "permanent",
        "retryable",
        "exception",
        "wrong-checkpoint",
      ],
      description: "What to do.",
    },
    count: { type: "integer", minimum: 0, default: 0, description: "How many of it." },
    size: {
      type: "integer",
      minimum: 0,
      default: 0,
      description: "How large, in letters, or how long, in milliseconds.",
    },
    text: { type: "string", default: "", description: "What to say." },
  },
  { description: "What to do, and how much of it." },
);

const settings = object(
  { prefix: { type: "string", default: "", description: "What stands before the text." } },
  { description: "How to say it." },
);

const State = object({ n: { type: "integer" } }, { description: "How far the job is." });

type Inputs = FromSchema<typeof inputs>;
type Settings = FromSchema<typeof settings>;

export const runner = defineModule({
  name: "conformance-javascript",
  version: "0.1.0",
  description: "Shows each promise of the JavaScript SDK",
  inputs,
  settings,
  run: (job, inputs, settings) => behaviours[inputs.behaviour](job, inputs, settings),
});

const behaviours: Record<Inputs["behaviour"], (job: Job, inputs: Inputs, settings: Settings) => void> = {
  "log-levels"(_job, { text }, { prefix }) {
    for (const level of ["trace", "debug", "info", "warn", "error", "critical"] as const) {
      console[level](prefix + text);
    }
  },

  "log-many"(_job, { count }) {
    for (let n = 1; n <= count; n += 1) console.log("line %d", n);
  },

  "log-size"(_job, { size }) {
    console.info("x".repeat(size));
  },

  echo(job, { text, count }, { prefix }) {
    job.saveResult({
      text,
      prefix,
      count,
      attempt: job.attempt,
      job_id: job.id,
      same_id: bindings.jobId() === job.id,
    });
    console.info(text);
  },

  results(job, { count }) {
    for (let n = 1; n <= count; n += 1) job.saveResult({ n });
  },

  "big-result"(job, { size }) {
    unlessTooLarge(job, () => job.saveResult({ text: "x".repeat(size) }));
  },

  "big-checkpoint"(job, { size }) {
    unlessTooLarge(job, () => {
      job.saveCheckpoint({ text: "x".repeat(size) });
      job.saveResult({ saved: size });
    });
  },

  full(job, { count, size }) {
    try {
      for (let n = 0; n < count; n += 1) job.saveResult({ text: "x".repeat(size) });
    } catch (error) {
      if (!(error instanceof LimitReachedError)) throw error;
      console.warn(`limit reached: ${error.limit}`);
      return;
    }
    throw new Failure("never refused");
  },

  "invalid-json"(job) {
    let refused = 0;
    for (const save of [bindings.saveResult, bindings.saveCheckpoint]) {
      for (const text of ["[1]", '{"a":']) {
        try {
          save(text);
        } catch (error) {
          if ((error as { payload?: { tag: string } }).payload?.tag === "invalid-json") refused += 1;
        }
      }
    }
    job.saveResult({ refused });
  },

  checkpoints(job, { count, size }) {
    const state = job.checkpoint(State) ?? { n: 0 };
    for (let n = state.n + 1; n <= count; n += 1) {
      if (job.isCancelled) return;
      job.saveResult({ n });
      job.saveCheckpoint({ n });
      job.reportProgress(n, count);
      if (size > 0) job.sleep(size);
    }
  },

  progress(job, { count }) {
    for (let n = 1; n <= count; n += 1) job.reportProgress(n, count);
    job.reportProgress(count);
  },

  sleep(job, { size }) {
    job.sleep(size);
    job.saveResult({ cancelled: job.isCancelled });
  },

  "wait-for-stop"(job) {
    while (!job.isCancelled) job.sleep(1000);
    job.saveCheckpoint({ stopped: true });
  },

  permanent(_job, { text }) {
    throw new Failure(text);
  },

  retryable(job, { count, text }) {
    if (job.attempt < count) throw new Failure(text, { retryable: true });
    job.saveResult({ attempt: job.attempt });
  },

  exception(_job, { text }) {
    outer(text);
  },

  "wrong-checkpoint"(job) {
    job.checkpoint(State);
  },
};

function unlessTooLarge(job: Job, save: () => void): void {
  try {
    save();
  } catch (error) {
    if (!(error instanceof TooLargeError)) throw error;
    console.warn(error.message);
    job.saveResult({ refused: "too-large", limit: error.limitBytes });
  }
}

function outer(text: string): void {
  deep(text);
}

function deep(text: string): never {
  throw new Error(text);
}
