// The contract as it is, without the SDK.
export { isCancelled, jobId, log, reportProgress, saveCheckpoint, saveResult, sleep } from "#host";
