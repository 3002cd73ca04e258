//! Using the processor without end.

use serde_json::json;

use super::bounds::{HOST, assert_force_ends, assert_limit_ends, start};
use crate::harness::{Host, Status};

#[test]
pub(super) fn spin() {
    let host = HOST.host();
    let job = start(&host, json!({ "behaviour": "spin" }));
    let view = assert_force_ends(&job);
    assert!(view.usage.cpu_time_ms > 0 && view.usage.run_time_ms >= 300, "{:?}", view.usage);
    assert_eq!(job.messages(), [""; 0], "a job that is ended by force has no line of the host in its log");
}

#[test]
fn spinning_ends_at_the_duration_limit() {
    let view = assert_limit_ends(&HOST.host(), json!({ "behaviour": "spin" }));
    assert!(view.usage.cpu_time_ms > 0);
}

#[test]
pub(super) fn spin_after_stop_request() {
    let host = HOST.host();
    let job = start(&host, json!({ "behaviour": "spin_after_stop_request" }));
    assert_force_ends(&job);
    assert_eq!(job.messages(), ["asked to stop, and spinning instead"]);
}

#[test]
pub(super) fn call_host_without_end() {
    let host = Host::with(&["job.host_call_rate=100000"]);
    let job = host.hostile(json!({ "behaviour": "call_host_without_end", "calls": 300_000 }));
    let view = job.ended();
    assert_eq!(view.status, Status::Completed, "{view:?}");
    // The first 100,000 are free, and those of the last tick are not waited for; the others take almost two seconds.
    assert!(view.usage.run_time_ms >= 1_500, "{:?}", view.usage);
    let endless = start(&host, json!({ "behaviour": "call_host_without_end" }));
    let view = assert_force_ends(&endless);
    assert!(view.usage.cpu_time_ms < view.usage.run_time_ms / 2 + 100, "it waits more than it works: {:?}", view.usage);
}
