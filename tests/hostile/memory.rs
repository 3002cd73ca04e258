//! Using memory: until it is refused, and over and over.

use serde_json::json;

use super::bounds::{HOST, assert_force_ends, assert_limit_ends, complete, run, start};
use crate::harness::Status;

const MIB: u64 = 1024 * 1024;

#[test]
pub(super) fn eat_memory() {
    let host = HOST.host();
    let (job, view) = run(&host, json!({ "behaviour": "eat_memory" }));
    let error = view.error.expect("a failed job has an error");
    assert_eq!((view.status, error.code.as_str()), (Status::Failed, "memory-limit"), "{error:?}");
    let told = "the module reached its limit of 256 MiB of memory, was refused more, and then executed `unreachable`";
    assert!(error.message.starts_with(told), "{error:?}");
    assert!(error.backtrace.is_some());
    let peak = view.usage.peak_memory_bytes;
    assert!((240 * MIB..=256 * MIB).contains(&peak), "it had {peak} bytes at its peak");
    let log = job.messages();
    assert!(log[0].starts_with("no more memory after 2"), "{log:?}");
    assert!(log.last().is_some_and(|line| line.starts_with(told)), "{log:?}");
}

#[test]
pub(super) fn eat_memory_and_return() {
    let host = HOST.host();
    let job = complete(&host, json!({ "behaviour": "eat_memory_and_return" }));
    let answer = job.data()[0]["answer"].as_str().and_then(|mebibytes| mebibytes.parse::<u64>().ok());
    assert!(answer.is_some_and(|mebibytes| (200..256).contains(&mebibytes)), "{answer:?}");
    assert!(job.show().usage.peak_memory_bytes <= 256 * MIB);
}

#[test]
pub(super) fn fill_memory() {
    let host = HOST.host();
    let job = start(&host, json!({ "behaviour": "fill_memory" }));
    job.says("filling 240 MiB for ever");
    let view = assert_force_ends(&job);
    assert!(view.usage.peak_memory_bytes >= 240 * MIB, "{:?}", view.usage);
    assert_limit_ends(&host, json!({ "behaviour": "fill_memory" }));
}
