//! Sleeping and being stopped.

use serde_json::{Value, json};

use super::subject::Subject;
use crate::harness::{Job, Level, Status};

/// A century, which no 32 bits hold.
const LONG_MS: u64 = 3_155_760_000_000;

pub(super) fn undisturbed_sleep(subject: &mut Subject) {
    for size in [0, 150] {
        let job = subject.complete(&json!({ "behaviour": "sleep", "size": size }));
        assert_eq!(job.data(), [json!({ "cancelled": false })]);
        assert!(job.show().usage.run_time_ms >= size, "{:?}", job.show().usage);
    }
}

pub(super) fn stopped_sleep(subject: &mut Subject) {
    let job = subject.start(&json!({ "behaviour": "sleep", "size": LONG_MS }));
    job.reaches(Status::Running);
    assert!(job.stop_and_wait().stopped);
    assert_stopped(&job, "requested");
    assert_eq!(job.data(), [json!({ "cancelled": true })]);
}

pub(super) fn wait_for_stop(subject: &mut Subject) {
    let job = subject.start(&json!({ "behaviour": "wait-for-stop" }));
    job.reaches(Status::Running);
    assert!(job.stop_and_wait().stopped);
    assert_stopped(&job, "requested");
    assert_saved(&job);
}

pub(super) fn duration_limit(subject: &mut Subject) {
    let job = subject.start_with(&json!({ "behaviour": "wait-for-stop" }), json!({ "max_duration": "300ms" }));
    job.ended();
    assert_stopped(&job, "duration-limit");
    assert_saved(&job);
    let log: Vec<_> = job.log().into_iter().map(|line| (line.level, line.message)).collect();
    assert_eq!(log, [(Level::Warn, "Duration limit reached".to_owned())]);
}

/// It ended by itself, without an error.
#[track_caller]
fn assert_stopped(job: &Job, reason: &str) {
    let view = job.show();
    assert_eq!((view.status, view.attempt, view.error), (Status::Stopped, 1, None));
    let stop = view.stop.expect("a stopped job says why");
    assert_eq!((stop.reason.as_str(), stop.forced), (reason, false));
}

#[track_caller]
fn assert_saved(job: &Job) {
    let saved: Value = job.get("/checkpoint").read(200);
    assert_eq!(saved["checkpoint"], json!({ "stopped": true }));
}
