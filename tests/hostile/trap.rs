//! Ending in the middle: traps, panics, and `exit`.

use serde_json::{Value, json};

use super::bounds::{HOST, run};
use crate::harness::{JobError, Level, LogLine, Source, Status};

/// Runs a guest that traps, and makes sure that the log ends with what the job's error says.
#[track_caller]
fn trapped(inputs: Value) -> (JobError, Vec<LogLine>) {
    let host = HOST.host();
    let (job, view) = run(&host, inputs);
    assert_eq!((view.status, view.attempt, &view.stop), (Status::Failed, 1, &None));
    let error = view.error.expect("a failed job has an error");
    assert_eq!(error.code, "trap", "{error:?}");
    let mut log = job.log();
    let last = log.pop().expect("the host tells a trap in the log");
    assert_eq!((last.level, last.source), (Level::Error, Source::Host));
    let told = error.backtrace.as_ref().map_or(error.message.clone(), |frames| format!("{}\n{frames}", error.message));
    assert_eq!(last.message, told);
    (error, log)
}

/// A trap has a backtrace that names functions of the guest's source.
#[track_caller]
fn assert_backtrace_names(error: &JobError, function: &str) {
    let backtrace = error.backtrace.as_deref().unwrap_or_default();
    assert!(backtrace.contains(function), "`{function}` is not in {error:?}");
}

#[test]
pub(super) fn trap_unreachable() {
    let (error, log) = trapped(json!({ "behaviour": "trap_unreachable" }));
    assert!(error.message.starts_with("the module executed `unreachable`"), "{error:?}");
    assert_backtrace_names(&error, "hostile");
    assert_eq!(log, []);
}

#[test]
pub(super) fn trap_out_of_bounds() {
    let (error, _) = trapped(json!({ "behaviour": "trap_out_of_bounds" }));
    assert_eq!(error.message, "the module trapped: out of bounds memory access");
    assert_backtrace_names(&error, "hostile");
}

#[test]
pub(super) fn panic() {
    let (error, log) = trapped(json!({ "behaviour": "panic", "message": "first line\nsecond line" }));
    assert!(error.message.contains("executed `unreachable`: a panic"), "{error:?}");
    // The SDK logs what the panic says, and where, before the guest traps.
    let said: Vec<_> = log.iter().map(|line| (line.level, line.source)).collect();
    assert_eq!(said, [(Level::Error, Source::Guest)]);
    let message = &log[0].message;
    assert!(message.contains("src/trap.rs:") && message.ends_with("first line\nsecond line"), "{message}");
}

#[test]
pub(super) fn divide_by_zero() {
    let (error, log) = trapped(json!({ "behaviour": "divide_by_zero" }));
    assert!(error.message.contains("executed `unreachable`: a panic"), "{error:?}");
    assert!(log.iter().any(|line| line.message.contains("divide by zero")), "{log:?}");
}

#[test]
pub(super) fn overflow_stack() {
    let (error, _) = trapped(json!({ "behaviour": "overflow_stack" }));
    assert_eq!(error.message, "the module used up its call stack of 1 MiB: it recurses too deep");
    assert_backtrace_names(&error, "descend");
}

#[test]
pub(super) fn exit() {
    for (code, told) in [(0, 0), (1, 1), (3, 1)] {
        // WASI's stable `exit` only knows success and failure.
        let (error, _) = trapped(json!({ "behaviour": "exit", "code": code }));
        assert_eq!(error.message, format!("the module left by exit({told}) instead of returning"));
    }
}
