//! The language's own logging, as the host stores it.

use serde_json::json;

use super::subject::{Subject, error_of};
use crate::harness::{Level, Source, assert_dense};

/// What one stored line holds at most.
const LINE_BYTES: usize = 16 << 10;

pub(super) fn levels(subject: &mut Subject) {
    use Level::{Critical, Debug, Error, Info, Trace, Warn};
    let inputs = json!({ "behaviour": "log-levels", "text": "voilà 🙂" });
    let job = subject.complete_with(&inputs, json!({ "settings": { "prefix": "» " } }));
    let log = job.log();
    assert_dense(&log);
    let levels: Vec<_> = log.iter().map(|line| line.level).collect();
    assert_eq!(levels, [Trace, Debug, Info, Warn, Error, Critical]);
    for line in log {
        let told = (line.message.as_str(), line.source, line.attempt, line.continued);
        assert_eq!(told, ("» voilà 🙂", Source::Guest, 1, false), "{:?}", line.level);
    }
}

pub(super) fn many_lines(subject: &mut Subject) {
    let job = subject.complete(&json!({ "behaviour": "log-many", "count": 1000 }));
    let log = job.log();
    assert_dense(&log);
    assert!(log.iter().all(|line| line.level == Level::Info && line.source == Source::Guest));
    let messages: Vec<_> = log.into_iter().map(|line| line.message).collect();
    assert_eq!(messages, (1..=1000).map(|n| format!("line {n}")).collect::<Vec<_>>());
    assert!(subject.complete(&json!({ "behaviour": "log-many" })).log().is_empty());
}

pub(super) fn line_sizes(subject: &mut Subject) {
    for size in [0, 1, LINE_BYTES, LINE_BYTES + 1, 40_000, 1 << 20] {
        let job = subject.complete(&json!({ "behaviour": "log-size", "size": size }));
        let log = job.log();
        let lines: Vec<_> = log.iter().map(|line| (line.message.len(), line.continued)).collect();
        let starts = (0..size.max(1)).step_by(LINE_BYTES);
        let expected: Vec<_> = starts.map(|start| ((size - start).min(LINE_BYTES), start > 0)).collect();
        assert_eq!(lines, expected, "for {size} letters");
        assert!(log.iter().all(|line| line.level == Level::Info && line.message.bytes().all(|byte| byte == b'x')));
    }
}

pub(super) fn line_past_the_limit(subject: &mut Subject) {
    let job = subject.complete(&json!({ "behaviour": "log-size", "size": 16 << 20 }));
    assert_eq!(job.show().last_log_seq, 1024, "just within it");
    let error = error_of(subject.start(&json!({ "behaviour": "log-size", "size": 18 << 20 })).ended());
    assert_eq!(error.code, "trap");
    assert_eq!(error.message, "one call between the module and the host would have copied more than 17 MiB");
}

/// The SDK hands over what is logged instead of printing it.
pub(super) fn nothing_printed(subject: &mut Subject) {
    for inputs in [json!({ "behaviour": "log-many", "count": 3 }), json!({ "behaviour": "permanent", "text": "no" })] {
        let job = subject.start(&inputs);
        job.ended();
        let printed = job.log().into_iter().find(|line| matches!(line.source, Source::Stdout | Source::Stderr));
        assert_eq!(printed, None);
    }
}
