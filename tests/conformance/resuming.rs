//! Checkpoints: a job goes on from its last one, and every result is there once.

use serde_json::{Value, json};

use super::subject::{Subject, error_of, numbered};
use crate::harness::{Job, Status};

pub(super) fn thousand_checkpoints(subject: &mut Subject) {
    let job = subject.complete(&json!({ "behaviour": "checkpoints", "count": 1000 }));
    assert_eq!(job.data(), numbered(1000));
    assert_eq!(checkpoint(&job), json!({ "n": 1000 }));
    let progress = job.show().progress.expect("it reported");
    assert_eq!((progress.done, progress.total), (1000, Some(1000)));
}

/// A job that has saved some of its forty checkpoints, and would take long for the rest.
fn on_its_way(subject: &Subject) -> Job {
    let job = subject.start(&json!({ "behaviour": "checkpoints", "count": 40, "size": 25 }));
    job.until("some checkpoints are saved", |job| job.results >= 3);
    job
}

pub(super) fn after_a_stop(subject: &mut Subject) {
    let job = on_its_way(subject);
    assert!(job.stop_and_wait().stopped);
    let view = job.show();
    assert_eq!((view.status, view.stop.map(|stop| stop.forced)), (Status::Stopped, Some(false)));
    let reached = checkpoint(&job)["n"].as_u64().expect("a number");
    assert!((3..40).contains(&reached), "stopped at {reached}");
    assert_eq!(job.data(), numbered(reached));

    subject.resume(&job, &json!({ "inputs": { "behaviour": "checkpoints", "count": 40 } }));
    let view = job.ended();
    assert_eq!((view.status, view.attempt), (Status::Completed, 2));
    assert_once(&job, 40);
    let second = job.results().iter().filter(|row| row.attempt == 2).count() as u64;
    assert_eq!(second, 40 - reached, "nothing is made again that was saved");
}

pub(super) fn after_a_kill(subject: &mut Subject) {
    let job = on_its_way(subject);
    subject.host.kill();
    subject.host.start_again();
    let view = job.ended();
    assert_eq!((view.status, view.attempt, view.error), (Status::Completed, 2, None));
    assert_once(&job, 40);
    // The third result was seen, so that the second checkpoint was there; the third may have come too late.
    assert!(job.results().iter().take(2).all(|row| row.attempt == 1), "it began again instead of going on");
}

pub(super) fn wrong_checkpoint(subject: &mut Subject) {
    let inputs = json!({ "behaviour": "wrong-checkpoint" });
    let job = subject.start_with(&json!({ "behaviour": "permanent" }), json!({ "retry": { "max_attempts": 3 } }));
    job.ended();
    for checkpoint in [json!({ "n": "three" }), json!({ "n": 1.5 }), json!({ "n": null }), json!({ "m": 3 })] {
        subject.resume(&job, &json!({ "inputs": inputs, "checkpoint": checkpoint }));
        let view = job.ended();
        assert_eq!(view.retries, 0, "it is a permanent failure");
        let error = error_of(view);
        assert_eq!(error.code, "guest-failed");
        let mut words = error.message.split(|letter: char| !letter.is_alphanumeric());
        assert!(error.message.contains("checkpoint") && words.any(|word| word == "n"), "for {checkpoint}: {error:?}");
    }
    subject.resume(&job, &json!({ "inputs": inputs, "checkpoint": { "n": 3 } }));
    assert_eq!(job.ended().status, Status::Completed, "the right shape is taken");
    subject.complete(&inputs);
}

/// All results count, each once, in order.
#[track_caller]
fn assert_once(job: &Job, last: u64) {
    assert_eq!(job.data(), numbered(last));
    assert!(job.results().iter().all(|row| !row.provisional && !row.superseded));
    assert_eq!(checkpoint(job), json!({ "n": last }));
}

#[track_caller]
fn checkpoint(job: &Job) -> Value {
    let saved: Value = job.get("/checkpoint").read(200);
    saved["checkpoint"].clone()
}
