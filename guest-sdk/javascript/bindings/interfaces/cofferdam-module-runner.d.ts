/// <reference path="./cofferdam-module-types.d.ts" />
declare module 'cofferdam:module/runner@0.1.0' {
  /**
   * Describes the module. Called once when it is added, without any job.
   */
  export function describe(): ModuleInfo;
  /**
   * Runs one job to its end.
   */
  export function run(job: Job): void;
  export type Job = import('cofferdam:module/types@0.1.0').Job;
  export type ModuleInfo = import('cofferdam:module/types@0.1.0').ModuleInfo;
  export type Failure = import('cofferdam:module/types@0.1.0').Failure;
}
