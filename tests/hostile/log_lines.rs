//! The log: too much of it, lines too long, and text that is no plain line.

use serde_json::json;

use super::bounds::{HOST, assert_force_ends, assert_limit_ends, complete, run, start};
use crate::harness::{Host, Level, Source, Status};

#[test]
pub(super) fn flood_log() {
    let host = HOST.host();
    let job = start(&host, json!({ "behaviour": "flood_log" }));
    job.until("many lines are there", |job| job.last_log_seq > 10_000);
    let view = assert_force_ends(&job);
    // A flood is taken as it comes: dense, in order, no line lost or cut.
    let page = job.log_page(&format!("after={}&limit=10", view.last_log_seq - 10));
    for line in page.lines {
        assert!(line.message.starts_with(&format!("{}.", line.seq)) && line.message.len() == 100, "{line:?}");
    }
    assert_limit_ends(&host, json!({ "behaviour": "flood_log", "bytes": 5_000 }));
}

#[test]
fn past_its_total_a_log_is_counted_and_not_kept() {
    let host = Host::with(&["job.log=256KiB"]);
    let job = complete(&host, json!({ "behaviour": "flood_log", "lines": 10_000 }));
    let log = job.log();
    // 2,621 lines of 100 bytes fit into 262,144.
    assert_eq!(log.len(), 2_621 + 2);
    assert!(log.iter().zip(1..).all(|(line, seq)| line.seq == seq));
    assert!(log[2_620].message.starts_with("2621."), "{:?}", log[2_620]);
    let told: Vec<_> = log[2_621..].iter().map(|line| (line.level, line.source, line.message.as_str())).collect();
    let first = "The log of this job has reached its limit of 262144 bytes; further lines are counted, not kept";
    let last = "7379 log lines of this attempt were not kept: the log had reached its limit";
    assert_eq!(told, [(Level::Warn, Source::Host, first), (Level::Warn, Source::Host, last)]);
}

#[test]
fn a_job_that_logs_faster_than_its_rate_waits() {
    let host = Host::with(&["job.log_rate=1MiB", "job.log_burst=1MiB"]);
    let job = complete(&host, json!({ "behaviour": "flood_log", "lines": 3_000, "bytes": 1_024 }));
    let view = job.show();
    // The first mebibyte is free; the other 1.9 take as many seconds.
    assert!(view.usage.run_time_ms >= 1_700, "{:?}", view.usage);
    assert_eq!(view.last_log_seq, 3_000, "a job that waits loses nothing");
}

#[test]
pub(super) fn log_huge_line() {
    let host = HOST.host();
    let (_, view) = run(&host, json!({ "behaviour": "log_huge_line" }));
    let error = view.error.expect("a failed job has an error");
    assert_eq!((view.status, error.code.as_str()), (Status::Failed, "trap"));
    assert_eq!(error.message, "one call between the module and the host would have copied more than 17 MiB");
    // Three bytes more than two full lines, in characters of two bytes: no character is cut.
    let job = complete(&host, json!({ "behaviour": "log_huge_line", "bytes": 2 * 16_384 + 4 }));
    let lines: Vec<_> = job.log().iter().map(|line| (line.message.len(), line.continued)).collect();
    assert_eq!(lines, [(16_384, false), (16_384, true), (4, true), (26, false)]);
    let log = job.messages();
    assert_eq!(log[3], "logged 32772 bytes at once");
    assert_eq!(log[..3].concat(), "ä".repeat(16_386));
}

#[test]
fn a_line_of_sixteen_mebibytes_is_kept_whole() {
    let host = HOST.host();
    let job = complete(&host, json!({ "behaviour": "log_huge_line", "bytes": 16 << 20 }));
    let log = job.log();
    assert_eq!(log.len(), 1_024 + 1);
    assert!(log[..1_024].iter().all(|line| line.message.len() == 16_384));
    assert_eq!(job.show().usage.log_bytes, (16 << 20) + log[1_024].message.len() as u64);
}

#[test]
pub(super) fn log_odd_text() {
    let host = HOST.host();
    let job = complete(&host, json!({ "behaviour": "log_odd_text" }));
    let log: Vec<_> = job.log().into_iter().map(|line| (line.level, line.message)).collect();
    let expected = [
        (Level::Trace, "begin"),
        (Level::Debug, ""),
        (Level::Info, "nul \0 inside"),
        (Level::Warn, "\x1b[31mred\x1b[0m \x1b[2J\x1b]0;title\x07"),
        (Level::Error, "one\ntwo\r\nthree\rfour\u{2028}five\n"),
        (Level::Critical, "<script>alert('log')</script> & \"quotes\" '; DROP TABLE jobs; --"),
        (Level::Info, "\u{202e}reversed\u{202c} zero\u{200b}width \u{feff}mark"),
        (Level::Info, "family 👩‍👩‍👧‍👦, combining e\u{301}\u{301}\u{301}, private \u{e000}, last \u{10ffff}"),
        (Level::Info, "{\"looks\": \"like JSON\"}"),
        (Level::Info, "data: looks like an event\n\nevent: end"),
        (Level::Info, "\t  blanks around  \t"),
        (Level::Trace, "end"),
    ];
    assert_eq!(log, expected.map(|(level, message)| (level, message.to_owned())));
    // A stream frames them all without mistaking any for its own syntax.
    let streamed: Vec<_> = job.events(0).read_to_end();
    assert_eq!(streamed.len(), expected.len() + 1, "{streamed:?}");
}
