//! What must hold of a counting job's results and log, whatever happened to its host.

use serde_json::Value;

use crate::harness::{Job, Level, LogLine, Source};

/// Results are 1…n, each once and in order, under the name that the module gives its number.
#[track_caller]
pub(crate) fn assert_each_once(job: &Job, number: &str, n: usize) {
    let rows = job.results();
    assert_eq!(rows.len(), n);
    let mut last_attempt = 1;
    for (row, expected) in rows.iter().zip(1_u64..) {
        assert_eq!(row.data[number], Value::from(expected), "a result is missing or there twice: {row:?}");
        assert!(!row.provisional && !row.superseded && row.attempt >= last_attempt, "{row:?}");
        last_attempt = row.attempt;
    }
}

/// The log's numbers are 1, 2, 3 … and its attempts only grow. Gives the log.
#[track_caller]
pub(super) fn dense_log(job: &Job) -> Vec<LogLine> {
    let log = job.log();
    let mut last_attempt = 1;
    for (line, seq) in log.iter().zip(1..) {
        assert_eq!(line.seq, seq, "the log's numbers have a hole or a repeat: {line:?}");
        assert!(line.attempt >= last_attempt, "{line:?}");
        last_attempt = line.attempt;
    }
    assert_eq!(job.show().last_log_seq, log.len() as u64);
    log
}

/// What the host said in a log.
pub(super) fn host_lines(log: &[LogLine]) -> Vec<(u32, Level, &str)> {
    let lines = log.iter().filter(|line| line.source == Source::Host);
    lines.map(|line| (line.attempt, line.level, line.message.as_str())).collect()
}

/// The line that says that an attempt follows a crash.
pub(super) fn restarted(attempt: u32) -> String {
    format!("Restarted after a crash of its host: attempt {attempt} goes on from its last checkpoint")
}
