//! Doors for `fuzz/`: what the command line makes of bytes that a server or a module chose.

use super::client::EventReader;
use super::output::{escape, json_line};

/// The data and the id of each event in a stream.
pub fn read_events(stream: &[u8]) -> Vec<(String, Option<String>)> {
    let mut reader = EventReader::new(stream);
    let next = || reader.next().expect("bytes in memory").map(|event| (event.data, event.id));
    std::iter::from_fn(next).collect()
}

/// A text that a terminal may be given has no control character but line breaks and tabs left; what is JSON stays what it
/// is, in one line.
pub fn shown(text: &str) {
    let harmless = escape::text(text);
    assert!(!harmless.contains(|letter: char| letter.is_control() && !matches!(letter, '\n' | '\t')));
    assert!(!escape::one_line(text).contains(char::is_control));
    if let Ok(value) = serde_json::from_str::<serde_json::Value>(text) {
        let line = json_line(text);
        assert!(!line.contains('\n'));
        assert_eq!(serde_json::from_str::<serde_json::Value>(&escape::json(&line)).ok(), Some(value));
    }
}
