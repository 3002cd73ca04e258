//! Every way in which an attempt can end by itself, after a stop request and after the duration limit: the contract's
//! table. `shutdown` has its third column.

use std::time::Duration;

use serde_json::{Value, json};

use super::bounds::{HOST, run, stop_of};
use crate::harness::{JobView, Status};

#[track_caller]
fn assert_failed(view: &JobView, code: &str, message: &str) {
    let error = view.error.as_ref().expect("a failed job has an error");
    assert_eq!((view.status, error.code.as_str(), &view.stop), (Status::Failed, code, &None));
    assert!(error.message.contains(message), "`{message}` is not in {error:?}");
}

#[track_caller]
fn assert_stopped(view: &JobView, reason: &str) {
    assert_eq!((view.status, stop_of(view), &view.error), (Status::Stopped, Some((reason, false)), &None));
}

#[test]
pub(super) fn fail_permanently() {
    let host = HOST.host();
    let (job, view) = run(&host, json!({ "behaviour": "fail_permanently", "message": "no\nuse" }));
    assert_failed(&view, "guest-failed", "no\nuse");
    assert_eq!(view.error.and_then(|error| error.backtrace), None);
    assert_eq!(job.messages(), [""; 0], "a failure is no trap: the host says nothing in the log");
}

#[test]
pub(super) fn fail_retryably() {
    let host = HOST.host();
    let (job, view) = run(&host, json!({ "behaviour": "fail_retryably", "succeeds_at_attempt": 2 }));
    assert_failed(&view, "guest-failed", "attempt 1 failed for now");
    assert_eq!(view.attempt, 1, "without a retry policy nothing is tried again");
    job.go_on();
    let view = job.ended();
    assert_eq!((view.status, view.attempt, view.error), (Status::Completed, 2, None));
}

#[test]
pub(super) fn honour_stop_request() {
    let host = HOST.host();
    for ending in ["ok", "permanent", "retryable", "trap"] {
        let job = host.hostile(json!({ "behaviour": "honour_stop_request", "ending": ending }));
        job.says("waiting for a stop request");
        assert!(job.stop_and_wait().stopped);
        assert_stopped(&job.show(), "requested");
        assert_eq!(job.data(), [json!({ "seen_by_attempt": 1 })]);
        let saved: Value = job.get("/checkpoint").read(200);
        assert_eq!(saved["checkpoint"], json!({ "seen_by_attempt": 1 }), "saved within the grace");
    }
}

#[test]
fn honouring_the_duration_limit_is_a_stop_too() {
    let host = HOST.host();
    for ending in ["ok", "permanent", "retryable", "trap"] {
        let inputs = json!({ "behaviour": "honour_stop_request", "ending": ending });
        let job = host.hostile_with(inputs, json!({ "max_duration": "200ms" }));
        assert_stopped(&job.ended(), "duration-limit");
        let messages = job.messages();
        assert_eq!(messages[..3], ["waiting for a stop request", "Duration limit reached", "asked to stop"]);
    }
}

#[test]
fn whoever_dallies_past_the_grace_is_forced() {
    let host = HOST.host();
    let inputs = json!({ "behaviour": "honour_stop_request", "dally_ms": 60_000 });
    let job = host.hostile_with(inputs, json!({ "stop_grace": "200ms" }));
    job.says("waiting for a stop request");
    job.stop_and_wait();
    assert_eq!(stop_of(&job.show()), Some(("requested", true)));
    job.get("/checkpoint").problem(404, "no_checkpoint");
    assert_eq!(job.messages(), ["waiting for a stop request", "asked to stop"]);
}

/// Starts work that does not ask whether it should stop, and asks it to.
#[track_caller]
fn unaware(ending: &str) -> (JobView, bool) {
    let host = HOST.host();
    let job = host.hostile(json!({ "behaviour": "finish_unaware", "ending": ending, "work_ms": 700 }));
    job.says("working");
    let answer = job.stop_and_wait();
    let view = job.show();
    assert_eq!(answer.status, view.status);
    (view, answer.stopped)
}

#[test]
pub(super) fn finish_unaware() {
    let (view, stopped) = unaware("ok");
    assert_eq!((view.status, stopped, &view.stop), (Status::Completed, false, &None));
    let (view, stopped) = unaware("permanent");
    assert_failed(&view, "guest-failed", "meant to fail for good");
    assert!(!stopped);
    let (view, stopped) = unaware("trap");
    assert_failed(&view, "trap", "executed `unreachable`");
    assert!(!stopped);
    let (view, stopped) = unaware("retryable");
    assert_stopped(&view, "requested");
    assert!(stopped);
}

#[test]
fn whoever_finishes_within_the_grace_after_the_limit_unaware_of_it_is_done() {
    let host = HOST.host();
    let limited = |ending: &str| {
        let inputs = json!({ "behaviour": "finish_unaware", "ending": ending, "work_ms": 500 });
        let job = host.hostile_with(inputs, json!({ "max_duration": "200ms" }));
        let view = job.ended();
        assert_eq!(job.messages()[..2], ["working", "Duration limit reached"]);
        assert!(Duration::from_millis(view.usage.run_time_ms) >= Duration::from_millis(500));
        view
    };
    assert_eq!(limited("ok").status, Status::Completed);
    assert_failed(&limited("permanent"), "guest-failed", "meant to fail for good");
    assert_failed(&limited("trap"), "trap", "executed `unreachable`");
    assert_stopped(&limited("retryable"), "duration-limit");
}

#[test]
fn a_job_without_a_limit_ends_as_it_likes() {
    let host = HOST.host();
    let ended = |ending: &str| run(&host, json!({ "behaviour": "finish_unaware", "ending": ending, "work_ms": 0 })).1;
    assert_eq!(ended("ok").status, Status::Completed);
    assert_failed(&ended("permanent"), "guest-failed", "meant to fail for good");
    assert_failed(&ended("retryable"), "guest-failed", "meant to fail for now");
    assert_failed(&ended("trap"), "trap", "executed `unreachable`");
}
