//! The log: too much of it, lines too long, and text that is no plain line.

use cofferdam_sdk::{Failure, Job, LogLevel};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::behaviour::Behave;

/// Logs as fast as it can.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct FloodLog {
    /// How many lines; for ever unless given.
    lines: Option<u64>,
    /// Bytes of each line; at least its number's digits.
    #[serde(default = "line_bytes")]
    bytes: usize,
}

impl Behave for FloodLog {
    fn behave(self, _: &Job) -> Result<(), Failure> {
        for number in 1..=self.lines.unwrap_or(u64::MAX) {
            cofferdam_sdk::log(LogLevel::Info, format!("{number:.<width$}", width = self.bytes));
        }
        Ok(())
    }
}

/// Logs one line without a break. More than a host call may copy is a trap.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct LogHugeLine {
    /// Bytes of the line; a mebibyte more than a host call may copy unless given.
    #[serde(default = "more_than_a_call_copies")]
    bytes: usize,
}

impl Behave for LogHugeLine {
    fn behave(self, _: &Job) -> Result<(), Failure> {
        cofferdam_sdk::log(LogLevel::Info, "ä".repeat(self.bytes / 2));
        log::info!("logged {} bytes at once", self.bytes);
        Ok(())
    }
}

/// Logs texts that a terminal, a browser, a database or a line counter could stumble over, each at another level.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct LogOddText {}

/// Between the first and the last of these a reader of the log must find them all, unchanged in meaning.
const ODD_TEXTS: [(LogLevel, &str); 12] = [
    (LogLevel::Trace, "begin"),
    (LogLevel::Debug, ""),
    (LogLevel::Info, "nul \0 inside"),
    (LogLevel::Warn, "\x1b[31mred\x1b[0m \x1b[2J\x1b]0;title\x07"),
    (LogLevel::Error, "one\ntwo\r\nthree\rfour\u{2028}five\n"),
    (LogLevel::Critical, "<script>alert('log')</script> & \"quotes\" '; DROP TABLE jobs; --"),
    (LogLevel::Info, "\u{202e}reversed\u{202c} zero\u{200b}width \u{feff}mark"),
    (LogLevel::Info, "family 👩‍👩‍👧‍👦, combining e\u{301}\u{301}\u{301}, private \u{e000}, last \u{10ffff}"),
    (LogLevel::Info, "{\"looks\": \"like JSON\"}"),
    (LogLevel::Info, "data: looks like an event\n\nevent: end"),
    (LogLevel::Info, "\t  blanks around  \t"),
    (LogLevel::Trace, "end"),
];

impl Behave for LogOddText {
    fn behave(self, _: &Job) -> Result<(), Failure> {
        for (level, text) in ODD_TEXTS {
            cofferdam_sdk::log(level, text);
        }
        Ok(())
    }
}

fn line_bytes() -> usize {
    100
}

fn more_than_a_call_copies() -> usize {
    18 * 1024 * 1024
}
