//! The standard streams, which the host turns into log lines.

use serde_json::json;

use super::bounds::{HOST, assert_force_ends, assert_limit_ends, complete, start};
use crate::harness::{Level, Source};

#[test]
pub(super) fn write_streams() {
    let host = HOST.host();
    let job = complete(&host, json!({ "behaviour": "write_streams" }));
    let log = job.log();
    for (source, level, name) in [(Source::Stdout, Level::Info, "out"), (Source::Stderr, Level::Warn, "err")] {
        let lines: Vec<_> = log.iter().filter(|line| line.source == source).collect();
        assert!(lines.iter().all(|line| line.level == level && !line.continued), "{lines:?}");
        let messages: Vec<_> = lines.iter().map(|line| line.message.as_str()).collect();
        let expected = [": plain", ": bad \u{fffd} byte", ": cut ä"].map(|text| format!("{name}{text}"));
        assert_eq!(messages[..3], expected);
        assert_eq!(messages[3..], [String::new(), format!("{name}: no end")]);
    }
    assert_eq!(log.len(), 10);
}

#[test]
pub(super) fn flood_stdout() {
    let host = HOST.host();
    let job = complete(&host, json!({ "behaviour": "flood_stdout", "bytes": 1 << 20 }));
    let log = job.log();
    assert_eq!(log.iter().map(|line| line.message.len()).sum::<usize>(), 1 << 20);
    assert!(log.iter().all(|line| line.source == Source::Stdout && line.message.len() <= 16_384));
    assert!(log.iter().skip(1).all(|line| line.continued), "it is all one line");

    let endless = start(&host, json!({ "behaviour": "flood_stdout" }));
    endless.until("some lines are there", |job| job.last_log_seq > 100);
    assert_force_ends(&endless);
    assert_limit_ends(&host, json!({ "behaviour": "flood_stdout" }));
}
