//! Waiting without end: in the host's own sleep, and in WASI's.

use std::time::Instant;

use serde_json::json;

use super::bounds::{HOST, assert_force_ends, assert_limit_ends, start, stop_of};
use crate::harness::{PATIENCE, Status};

#[test]
pub(super) fn sleep_for_ever() {
    let host = HOST.host();
    // A grace that is longer than the test waits: only a sleep that the request itself ends can pass.
    let job = host.hostile_with(json!({ "behaviour": "sleep_for_ever" }), json!({ "stop_grace": "10m" }));
    job.reaches(Status::Running);
    let asked = Instant::now();
    assert!(job.stop_and_wait().stopped);
    assert!(asked.elapsed() < PATIENCE);
    let view = job.show();
    assert_eq!((view.status, stop_of(&view)), (Status::Stopped, Some(("requested", false))));
    assert_eq!(job.messages(), ["woken"]);
}

#[test]
fn sleeping_ends_at_the_duration_limit() {
    let host = HOST.host();
    let request = json!({ "stop_grace": "10m", "max_duration": "300ms" });
    let job = host.hostile_with(json!({ "behaviour": "sleep_for_ever" }), request);
    let view = job.ended();
    assert_eq!((view.status, stop_of(&view)), (Status::Stopped, Some(("duration-limit", false))));
    assert_eq!(job.messages(), ["Duration limit reached", "woken"]);
    assert!(view.usage.run_time_ms >= 300, "{:?}", view.usage);
    assert!(view.usage.cpu_time_ms < view.usage.run_time_ms, "sleep takes no processor: {:?}", view.usage);
}

#[test]
pub(super) fn ignore_stop_request() {
    let host = HOST.host();
    assert_force_ends(&start(&host, json!({ "behaviour": "ignore_stop_request" })));
    assert_limit_ends(&host, json!({ "behaviour": "ignore_stop_request" }));
}

#[test]
pub(super) fn park_in_wasi() {
    let host = HOST.host();
    let job = start(&host, json!({ "behaviour": "park_in_wasi" }));
    job.says("parking");
    let view = assert_force_ends(&job);
    assert!(view.usage.cpu_time_ms < view.usage.run_time_ms, "parking takes no processor: {:?}", view.usage);
    assert_limit_ends(&host, json!({ "behaviour": "park_in_wasi" }));
}

#[test]
fn a_job_that_waits_for_its_start_is_stopped_at_once() {
    let host = crate::harness::Host::with(&["node.slots=1"]);
    let first = start(&host, json!({ "behaviour": "sleep_for_ever" }));
    first.reaches(Status::Running);
    let second = start(&host, json!({ "behaviour": "spin" }));
    assert_eq!(second.show().status, Status::Pending);
    let answer = second.stop();
    assert_eq!((answer.stopped, answer.status), (true, Status::Stopped));
    let view = second.show();
    assert_eq!((stop_of(&view), view.attempt, &view.started_at), (Some(("requested", false)), 0, &None));
    first.stop_and_wait();
}
