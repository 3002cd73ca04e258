//! What clients send, and what they read of streams.

use cofferdam::api::fuzzing;
use cofferdam::cli::fuzzing::read_events;
use cofferdam::domain::{LogLevel, LogLine, LogSource, Timestamp};
use serde_json::Value;

/// A body of `POST /v1/jobs` or of a resume.
pub(crate) fn json_body(bytes: &[u8]) {
    fuzzing::json_body(bytes);
}

/// The cursor of any list.
pub(crate) fn cursor(bytes: &[u8]) {
    if let Ok(text) = std::str::from_utf8(bytes) {
        fuzzing::cursor(text);
    }
}

/// A query, and the header with which a stream is taken up again.
pub(crate) fn query(bytes: &[u8]) {
    if let Ok(text) = std::str::from_utf8(bytes) {
        fuzzing::query(text);
    }
}

/// A log stream: whatever the lines are, a reader finds each of them whole, by its number; and a reader bears any stream.
pub(crate) fn stream(bytes: &[u8]) {
    let texts: Vec<String> =
        bytes.split(|byte| *byte == 0xff).map(|text| String::from_utf8_lossy(text).into_owned()).collect();
    let lines = texts.iter().zip(1..).map(|(text, seq)| LogLine {
        seq,
        time: Timestamp::from_millis(0),
        attempt: 1,
        level: LogLevel::Info,
        source: LogSource::Guest,
        message: text.clone(),
        continued: false,
    });
    let events = read_events(&fuzzing::events(lines.collect()));
    assert_eq!(events.len(), texts.len());
    for ((data, id), (text, seq)) in events.iter().zip(texts.iter().zip(1..)) {
        let read: Value = serde_json::from_str(data).expect("each event is JSON");
        assert_eq!((&read["message"], &read["seq"]), (&Value::from(text.as_str()), &Value::from(seq)));
        assert_eq!(id.as_deref(), Some(seq.to_string().as_str()));
    }
    read_events(bytes);
}
