/// <reference path="./interfaces/cofferdam-module-job-context.d.ts" />
/// <reference path="./interfaces/cofferdam-module-runner.d.ts" />
/// <reference path="./interfaces/cofferdam-module-types.d.ts" />
/// <reference path="./interfaces/late-clocks-monotonic-clock.d.ts" />
/// <reference path="./interfaces/late-http-outgoing-handler.d.ts" />
/// <reference path="./interfaces/late-http-types.d.ts" />
/// <reference path="./interfaces/late-io-error.d.ts" />
/// <reference path="./interfaces/late-io-poll.d.ts" />
/// <reference path="./interfaces/late-io-streams.d.ts" />
declare module 'cofferdam:module/module-http@0.1.0' {
  export type * as CofferdamModuleJobContext010 from 'cofferdam:module/job-context@0.1.0'; // import cofferdam:module/job-context@0.1.0
  export type * as CofferdamModuleTypes010 from 'cofferdam:module/types@0.1.0'; // import cofferdam:module/types@0.1.0
  export type * as LateClocksMonotonicClock0211 from 'late:clocks/monotonic-clock@0.2.11'; // import late:clocks/monotonic-clock@0.2.11
  export type * as LateHttpOutgoingHandler0211 from 'late:http/outgoing-handler@0.2.11'; // import late:http/outgoing-handler@0.2.11
  export type * as LateHttpTypes0211 from 'late:http/types@0.2.11'; // import late:http/types@0.2.11
  export type * as LateIoError0211 from 'late:io/error@0.2.11'; // import late:io/error@0.2.11
  export type * as LateIoPoll0211 from 'late:io/poll@0.2.11'; // import late:io/poll@0.2.11
  export type * as LateIoStreams0211 from 'late:io/streams@0.2.11'; // import late:io/streams@0.2.11
  export * as runner from 'cofferdam:module/runner@0.1.0'; // export cofferdam:module/runner@0.1.0
}
