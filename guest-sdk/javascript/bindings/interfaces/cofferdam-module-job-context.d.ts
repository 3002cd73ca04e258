/// <reference path="./cofferdam-module-types.d.ts" />
declare module 'cofferdam:module/job-context@0.1.0' {
  /**
   * The current job's identifier.
   */
  export function jobId(): string;
  /**
   * Whether the job was asked to stop: by a person, by its duration limit, or because the host shuts down.
   */
  export function isCancelled(): boolean;
  /**
   * Logs one message. It is stored before anyone sees it.
   */
  export function log(message: string, level: LogLevel): void;
  /**
   * Saves one result, a JSON object. It stays provisional until the next checkpoint or the completion of the job.
   */
  export function saveResult(data: Json): void;
  /**
   * Saves the state to resume from, a JSON object. Returns once it would survive a crash,
   * together with every result saved before it.
   */
  export function saveCheckpoint(checkpoint: Json): void;
  /**
   * Says how far the job is. Only the newest value is kept.
   */
  export function reportProgress(done: number, total: number | undefined): void;
  /**
   * Waits this long, or until the job is asked to stop.
   */
  export function sleep(milliseconds: number): void;
  export type Json = import('cofferdam:module/types@0.1.0').Json;
  export type LogLevel = import('cofferdam:module/types@0.1.0').LogLevel;
  export type SaveError = import('cofferdam:module/types@0.1.0').SaveError;
}
