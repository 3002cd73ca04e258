//! Results, checkpoints and progress, up to their limits and past them.

use serde_json::{Value, json};

use super::subject::{CHECKPOINT_BYTES, RESULT_BYTES, RESULTS_BYTES, Subject, error_of, numbered};
use crate::harness::{Job, Level};

/// What stands around a text of the behaviours that save one.
const AROUND: usize = r#"{"text":""}"#.len();

pub(super) fn results(subject: &mut Subject) {
    let job = subject.complete(&json!({ "behaviour": "results", "count": 1000 }));
    assert_eq!(job.data(), numbered(1000));
    let rows = job.results();
    assert!(rows.iter().zip(1..).all(|(row, seq)| row.seq == seq && row.attempt == 1 && !row.provisional));
    assert!(subject.complete(&json!({ "behaviour": "results" })).results().is_empty());
}

pub(super) fn result_limit(subject: &mut Subject) {
    let most = RESULT_BYTES - AROUND;
    let job = subject.complete(&json!({ "behaviour": "big-result", "size": most }));
    let [result] = job.data().try_into().expect("one result");
    assert!(result == json!({ "text": "x".repeat(most) }), "the result of the largest size is another one");
    assert_eq!(job.show().usage.result_bytes, RESULT_BYTES as u64);
    assert_eq!(job.log(), []);
    for size in [most + 1, 16 << 20] {
        let job = subject.complete(&json!({ "behaviour": "big-result", "size": size }));
        assert_refused(&job, RESULT_BYTES);
    }
}

pub(super) fn checkpoint_limit(subject: &mut Subject) {
    let most = CHECKPOINT_BYTES - AROUND;
    let job = subject.complete(&json!({ "behaviour": "big-checkpoint", "size": most }));
    assert_eq!(job.data(), [json!({ "saved": most })]);
    let saved: Value = job.get("/checkpoint").read(200);
    assert!(saved["checkpoint"] == json!({ "text": "x".repeat(most) }), "another checkpoint was saved");
    for size in [most + 1, 16 << 20] {
        let job = subject.complete(&json!({ "behaviour": "big-checkpoint", "size": size }));
        assert_refused(&job, CHECKPOINT_BYTES);
        assert_eq!(job.show().checkpoint_saved_at, None, "what was refused is not there");
    }
}

/// The module went on, warned, and saved what the limit is.
#[track_caller]
fn assert_refused(job: &Job, limit: usize) {
    assert_eq!(job.data(), [json!({ "refused": "too-large", "limit": limit })]);
    let log = job.log();
    let [line] = &log[..] else { panic!("not one line: {log:?}") };
    assert_eq!(line.level, Level::Warn);
    assert!(line.message.contains(&limit.to_string()), "{line:?}");
}

pub(super) fn full(subject: &mut Subject) {
    let size = 1 << 20;
    let job = subject.complete(&json!({ "behaviour": "full", "count": 100, "size": size }));
    assert_eq!(job.results().len(), RESULTS_BYTES / (size + AROUND));
    let log: Vec<_> = job.log().into_iter().map(|line| (line.level, line.message)).collect();
    let told = format!("limit reached: the results of this job may have {RESULTS_BYTES} bytes together");
    assert_eq!(log, [(Level::Warn, told)]);

    let job = subject.start(&json!({ "behaviour": "full", "count": 2, "size": 10 }));
    assert_eq!(error_of(job.ended()).message, "never refused");
    assert_eq!(job.data(), [json!({ "text": "xxxxxxxxxx" }), json!({ "text": "xxxxxxxxxx" })]);
}

pub(super) fn invalid_json(subject: &mut Subject) {
    let job = subject.complete(&json!({ "behaviour": "invalid-json" }));
    assert_eq!(job.data(), [json!({ "refused": 4 })]);
    assert_eq!(job.show().checkpoint_saved_at, None);
}

pub(super) fn progress(subject: &mut Subject) {
    for count in [0, 1, 500] {
        let job = subject.complete(&json!({ "behaviour": "progress", "count": count }));
        let progress = job.show().progress.expect("it reported");
        assert_eq!((progress.done, progress.total), (count, None));
    }
    let job = subject.complete(&json!({ "behaviour": "checkpoints", "count": 2 }));
    let progress = job.show().progress.expect("it reported");
    assert_eq!((progress.done, progress.total), (2, Some(2)));
}
