/// <reference path="../bindings/module.d.ts" />
/**
 * The contract as it is, without the SDK. Outside a component it works inside `run` of `cofferdam-sdk/testing` alone.
 * A refusal is thrown as an `Error` with the contract's `save-error` as its `payload`.
 */
export * from "cofferdam:module/job-context@0.1.0";
