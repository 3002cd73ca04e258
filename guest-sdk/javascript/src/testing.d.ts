import type { Response, SentRequest } from "./http.js";
import type { Failure, Runner } from "./index.js";

/** What a module did in one attempt. */
export interface Recording {
  /** Why the attempt did not succeed, if it did not. */
  failure: Failure | undefined;
  /** Results, in the order in which they were saved. */
  results: Record<string, unknown>[];
  /** How many of the results the last checkpoint made final: the first ones of `results`. */
  finalResults: number;
  /** Checkpoints, in the order in which they were saved. */
  checkpoints: Record<string, unknown>[];
  /** Level and message of each line, oldest first. */
  log: ["trace" | "debug" | "info" | "warn" | "error" | "critical", string][];
  /** What `reportProgress` was told: done, and the total if given. */
  progress: [number, number | undefined][];
  /** The sum of all sleeps; none is slept. */
  sleptMs: number;
}

export interface Options {
  settings?: object;
  /** The checkpoint to go on from. */
  checkpoint?: object;
  /** 1 unless given. */
  attempt?: number;
  /** Asks the job to stop once it has looked this many times at `isCancelled`. */
  cancelAfter?: number;
  /** What the stand-in takes. Everything, unless said otherwise. */
  limits?: { resultBytes?: number; checkpointBytes?: number; results?: number };
  /**
   * Answers the requests of `cofferdam-sdk/http`, or throws an `HttpError`; without it each throws one of the kind `denied`,
   * as without a grant.
   */
  http?: (request: SentRequest) => Response;
}

/**
 * Runs one attempt at a job called `test-job` with a stand-in for the host. The module gets inputs, settings and
 * checkpoint as JSON, and its results are read from JSON, as in a real job.
 */
export function run(runner: Runner, inputs?: object, options?: Options): Recording;
