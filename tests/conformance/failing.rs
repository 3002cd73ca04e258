//! Failures, and exceptions that nobody catches.

use serde_json::json;

use super::subject::{Subject, error_of, numbered};
use crate::harness::{Job, JobError, Language, Level, LogLine, Source, Status};

pub(super) fn permanent(subject: &mut Subject) {
    let inputs = json!({ "behaviour": "permanent", "text": "the table has no columns" });
    let job = subject.start_with(&inputs, json!({ "retry": { "max_attempts": 3, "backoff": "10ms" } }));
    let view = job.ended();
    assert_eq!((view.attempt, view.retries), (1, 0));
    assert_eq!(error_of(view), guest_failed("the table has no columns"));
}

pub(super) fn retryable(subject: &mut Subject) {
    let inputs = json!({ "behaviour": "retryable", "count": 3, "text": "the server is away" });
    let with_retry = |most: u32| json!({ "retry": { "max_attempts": most, "backoff": "10ms" } });
    let job = subject.start_with(&inputs, with_retry(3));
    let view = job.ended();
    assert_eq!((view.status, view.attempt, view.retries, view.error), (Status::Completed, 3, 2, None));
    assert_eq!(job.data(), [json!({ "attempt": 3 })]);

    let view = subject.start_with(&inputs, with_retry(2)).ended();
    assert_eq!((view.attempt, view.retries), (2, 1));
    assert_eq!(error_of(view), guest_failed("the server is away"));

    let view = subject.start(&inputs).ended();
    assert_eq!((view.attempt, view.retries), (1, 0));
    assert_eq!(error_of(view), guest_failed("the server is away"));
}

fn guest_failed(message: &str) -> JobError {
    JobError { code: "guest-failed".to_owned(), message: message.to_owned(), backtrace: None }
}

/// What a language makes of an exception: what of the error, and where it tells the stack.
struct Shown {
    code: &'static str,
    /// Stands in the one line that the module logs at level error.
    in_log: &'static [&'static str],
    /// Stand in the error's own backtrace.
    in_backtrace: &'static [&'static str],
}

const fn shown(language: Language) -> Shown {
    let (in_log, in_backtrace): (&[_], &[_]) = match language {
        // A panic cannot be caught in WebAssembly: it traps, after it was logged with its place.
        Language::Rust => (&["panicked at tests/guests/conformance/rust/src/lib.rs:"], &["::deep\n", "::outer\n"]),
        Language::Python => (&["Traceback (most recent call last):", "line ", ", in outer\n", ", in deep\n"], &[]),
        Language::Javascript => (&["at deep (", "at outer ("], &[]),
        Language::Go => (&["main.deep(", "main.outer(", "running.go:"], &[]),
        // C has no exceptions: the SDK's failure that says its own place stands for them.
        Language::C => (&["(in deep, main.c:"], &[]),
    };
    let code = if in_backtrace.is_empty() { "guest-failed" } else { "trap" };
    Shown { code, in_log, in_backtrace }
}

pub(super) fn exception(subject: &mut Subject) {
    let inputs = json!({ "behaviour": "exception", "text": "a wheel came off: 🛞" });
    let job = subject.start_with(&inputs, json!({ "retry": { "max_attempts": 3 } }));
    let view = job.ended();
    assert_eq!((view.attempt, view.retries), (1, 0), "an exception is a permanent failure");
    let (error, shown) = (error_of(view), shown(subject.language));
    assert_eq!(error.code, shown.code);
    let line = error_line(&job);
    assert!(line.message.contains("a wheel came off: 🛞"), "{line:?}");
    if shown.in_backtrace.is_empty() {
        assert!(error.message.contains("a wheel came off: 🛞"), "{error:?}");
    }
    for part in shown.in_log {
        assert!(line.message.contains(part), "`{part}` is not in {line:?}");
    }
    for part in shown.in_backtrace {
        assert!(error.backtrace.as_ref().is_some_and(|backtrace| backtrace.contains(part)), "`{part}`: {error:?}");
    }
}

/// The one line of the module at level error.
#[track_caller]
fn error_line(job: &Job) -> LogLine {
    let is_error = |line: &LogLine| line.level == Level::Error && line.source == Source::Guest;
    let lines: Vec<_> = job.log().into_iter().filter(is_error).collect();
    let [line] = lines.try_into().unwrap_or_else(|lines| panic!("not one line at level error: {lines:?}"));
    line
}

/// Between two halves of a job's work, which the exception neither undoes nor keeps from being finished.
pub(super) fn exception_in_the_middle_of_a_python_job(subject: &Subject) {
    let job = subject.start(&json!({ "behaviour": "checkpoints", "count": 1000, "size": 20 }));
    job.until("it is in the middle", |job| job.results >= 3);
    job.stop_and_wait();
    let reached = job.results().len() as u64;

    subject.resume(&job, &json!({ "inputs": { "behaviour": "exception", "text": "no column `price`" } }));
    let view = job.ended();
    assert_eq!(view.attempt, 2);
    assert_eq!(error_of(view), guest_failed("ValueError: no column `price`"));
    let traceback = error_line(&job).message;
    let lines: Vec<_> = traceback.lines().map(str::trim_start).collect();
    assert_eq!(lines.first(), Some(&"Traceback (most recent call last):"));
    assert_eq!(lines.last(), Some(&"ValueError: no column `price`"));
    let functions: Vec<_> =
        lines.iter().filter_map(|line| line.strip_prefix("File \"conformance_python.py\", line ")).collect();
    let functions: Vec<_> =
        functions.iter().filter_map(|place| place.split_once(", in ")).map(|(_, name)| name).collect();
    assert_eq!(functions, ["run", "outer", "deep"], "{traceback}");
    assert!(lines.contains(&"raise ValueError(text)"), "the source stands in the traceback: {traceback}");

    subject.resume(&job, &json!({ "inputs": { "behaviour": "checkpoints", "count": reached + 2 } }));
    assert_eq!(job.ended().status, Status::Completed);
    assert_eq!(job.data(), numbered(reached + 2));
}
