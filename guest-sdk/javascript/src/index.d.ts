/// <reference path="../bindings/module.d.ts" />

/**
 * A JSON Schema (2020-12), as a plain object. TypeBox's schemas are such objects; so is what zod's `toJSONSchema` gives.
 */
export type Schema = { readonly [keyword: string]: unknown };

/** The type of the values that a schema describes, with defaults filled in. */
export type FromSchema<S> =
  // A schema of TypeBox says its type itself.
  S extends { static: infer T; params: unknown } ? T
  : S extends { const: infer Value } ? Value
  : S extends { enum: readonly (infer Value)[] } ? Value
  : S extends { anyOf: readonly (infer Choice)[] } ? FromSchema<Choice>
  : S extends { oneOf: readonly (infer Choice)[] } ? FromSchema<Choice>
  : S extends { type: readonly (infer Type)[] } ? FromType<Type, S>
  : S extends { type: infer Type } ? FromType<Type, S>
  : unknown;

type FromType<Type, S> =
  Type extends "string" ? string
  : Type extends "integer" | "number" ? number
  : Type extends "boolean" ? boolean
  : Type extends "null" ? null
  : Type extends "array" ? (S extends { items: infer Item } ? FromSchema<Item>[] : unknown[])
  : Type extends "object" ? FromObject<S>
  : unknown;

type FromObject<S> =
  S extends { properties: infer P }
    ? Flat<
        { -readonly [Name in keyof P as Name extends Present<S, P> ? Name : never]: FromSchema<P[Name]> }
        & { -readonly [Name in keyof P as Name extends Present<S, P> ? never : Name]?: FromSchema<P[Name]> }
      >
    : S extends { additionalProperties: infer Value extends Schema } ? Record<string, FromSchema<Value>>
    : Record<string, unknown>;

/** The names of the properties that are always there: the required ones, and those with a default. */
type Present<S, P> =
  | (S extends { required: readonly (infer Name)[] } ? Name : never)
  | { [Name in keyof P]: P[Name] extends { default: unknown } ? Name : never }[keyof P];

type Flat<T> = { [Name in keyof T]: T[Name] };

/**
 * The schema of an object with these properties and no others. A property is required unless it has a `default` or is
 * named in `optional`.
 */
export function object<const P extends Record<string, Schema>, const O extends keyof P & string = never>(
  properties: P,
  options?: { description?: string; optional?: readonly O[] },
): { type: "object"; description?: string; properties: P; required: Exclude<keyof P & string, O>[] };

/** A module: what it says about itself, and the function that runs a job. */
export interface Definition<I, S> {
  /** Lowercase words joined by single hyphens, 1 to 64 characters. */
  name: string;
  /** A semantic version, such as `1.4.0`. */
  version: string;
  description?: string;
  /** The schema of a job's inputs; none are taken unless given. */
  inputs?: I;
  /** The schema of a job's settings; none are taken unless given. */
  settings?: S;
  /**
   * Runs one job to its end. An exception that nobody catches makes the job fail, with its stack in the log; throw
   * `Failure` to say that running it again may help.
   */
  run(job: Job, inputs: FromSchema<I>, settings: FromSchema<S>): void;
}

/** What the component exports: `export const runner = defineModule({ … })`. */
export interface Runner {
  describe(): import("cofferdam:module/types@0.1.0").ModuleInfo;
  run(job: import("cofferdam:module/types@0.1.0").Job): void;
}

/**
 * Makes a module. Throws a `TypeError`, while the component is built, for what could never work.
 */
export function defineModule<const I extends Schema = ObjectWithout, const S extends Schema = ObjectWithout>(
  definition: Definition<I, S>,
): Runner;

type ObjectWithout = { type: "object"; properties: {} };

/** One attempt at one job: who it is, and what it can ask of its host. */
export interface Job {
  /** The id that the host's API shows. It stays the same over all attempts. */
  readonly id: string;
  /** 1 for the first run, one more each time the job starts again. */
  readonly attempt: number;
  /**
   * Whether the job was asked to stop: by a person, by its duration limit, or because the host shuts down. Cheap enough
   * for every turn of a loop. When it is true, save a checkpoint and return: the host waits a few seconds for that, then
   * ends the module by force.
   */
  readonly isCancelled: boolean;
  /** The checkpoint to go on from, as it was saved; `undefined` when the job starts from the beginning. */
  checkpoint(): Record<string, unknown> | undefined;
  /**
   * The same, of the schema's type. Properties that the schema does not know are left out. Throws `Failure`, naming the
   * property, when the checkpoint does not fit, as after an incompatible change of the module.
   */
  checkpoint<const S extends Schema>(schema: S): FromSchema<S> | undefined;
  /**
   * Saves the state to go on from, together with every result saved before it. Returns once both would survive a crash,
   * so save no oftener than work is worth repeating: a few times a second at most. Throws `SaveError`.
   */
  saveCheckpoint(state: object): void;
  /**
   * Saves one result, visible at once. It stays provisional until the next checkpoint or the end of the job, and a job
   * that starts again is expected to produce the results after its last checkpoint once more. Throws `SaveError`.
   */
  saveResult(result: object): void;
  /** Says how far the job is, in a unit of the module's choice. Cheap: only the newest value is kept. */
  reportProgress(done: number, total?: number): void;
  /** Waits this long, or until the job is asked to stop. */
  sleep(milliseconds: number): void;
}

/** Ends the run. Throw it to say whether running the job again may help. */
export class Failure extends Error {
  /** The messages of `cause` and its causes become part of what the job's owner reads. */
  constructor(message: string, options?: { retryable?: boolean; cause?: unknown });
  /** Whether running the job again may succeed: the host tries again as the job's retry policy says. */
  readonly retryable: boolean;
}

/** Why a result or a checkpoint was not saved. The job may go on without it; unless it is caught, the job fails. */
export abstract class SaveError extends Error {}

/** The value does not become a JSON object. */
export class InvalidJsonError extends SaveError {
  /** What is wrong, and where. */
  readonly reason: string;
}

/** The JSON text is larger than the host allows. */
export class TooLargeError extends SaveError {
  /** The most that the host takes. */
  readonly limitBytes: number;
}

/** A limit of the job is used up. */
export class LimitReachedError extends SaveError {
  /** Which limit, in the host's words. */
  readonly limit: string;
}

/** What `console` can do inside a component. Values are shown as Node.js shows them, on one line. */
export interface HostConsole {
  trace(...values: unknown[]): void;
  debug(...values: unknown[]): void;
  log(...values: unknown[]): void;
  info(...values: unknown[]): void;
  warn(...values: unknown[]): void;
  error(...values: unknown[]): void;
  critical(...values: unknown[]): void;
  dir(value: unknown): void;
  table(value: unknown): void;
  assert(condition: unknown, ...values: unknown[]): void;
  group(...values: unknown[]): void;
  groupCollapsed(...values: unknown[]): void;
  groupEnd(): void;
}

declare global {
  interface Console extends HostConsole {
    /** Logs at level critical, above error. Of Cofferdam alone. */
    critical(...values: unknown[]): void;
  }
  var console: Console;
}
