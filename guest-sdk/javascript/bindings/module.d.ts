/// <reference path="./interfaces/cofferdam-module-job-context.d.ts" />
/// <reference path="./interfaces/cofferdam-module-runner.d.ts" />
/// <reference path="./interfaces/cofferdam-module-types.d.ts" />
declare module 'cofferdam:module/module@0.1.0' {
  export type * as CofferdamModuleJobContext010 from 'cofferdam:module/job-context@0.1.0'; // import cofferdam:module/job-context@0.1.0
  export type * as CofferdamModuleTypes010 from 'cofferdam:module/types@0.1.0'; // import cofferdam:module/types@0.1.0
  export * as runner from 'cofferdam:module/runner@0.1.0'; // export cofferdam:module/runner@0.1.0
}
