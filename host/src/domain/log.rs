//! Log lines of jobs: what they carry and how an over-long message is cut.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Timestamp;

/// Severity of a log line.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogLevel {
    /// Finer than debug.
    Trace,
    /// For the module's author.
    Debug,
    /// What happens.
    #[default]
    Info,
    /// Something looks wrong.
    Warn,
    /// Something is wrong.
    Error,
    /// Nothing works any more.
    Critical,
}

impl LogLevel {
    /// All levels, mildest first.
    pub const ALL: [Self; 6] = [Self::Trace, Self::Debug, Self::Info, Self::Warn, Self::Error, Self::Critical];

    /// The word that the API shows.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Trace => "trace",
            Self::Debug => "debug",
            Self::Info => "info",
            Self::Warn => "warn",
            Self::Error => "error",
            Self::Critical => "critical",
        }
    }
}

impl fmt::Display for LogLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Who wrote a log line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogSource {
    /// The module, through `log`.
    Guest,
    /// The module's standard output.
    Stdout,
    /// The module's standard error.
    Stderr,
    /// The host.
    Host,
}

/// One stored line of a job's log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogLine {
    /// Its number: 1, 2, 3 … in each job, without a hole.
    pub seq: u64,
    /// When the host got it.
    pub time: Timestamp,
    /// Which attempt wrote it.
    pub attempt: u32,
    /// How severe it is.
    pub level: LogLevel,
    /// Who wrote it.
    pub source: LogSource,
    /// The text, line breaks included.
    pub message: String,
    /// Whether it is the rest of the line before it, which was too long for one.
    pub continued: bool,
}

/// Cuts a message into parts of at most `line_bytes`, between characters. An empty message is one empty part.
pub fn cut(message: &str, line_bytes: usize) -> impl Iterator<Item = &str> {
    let mut rest = Some(message);
    std::iter::from_fn(move || {
        let text = rest.take()?;
        if text.len() <= line_bytes {
            return Some(text);
        }
        // A character has up to four bytes: with a tiny limit, one character still has to go through.
        let end = (1..=line_bytes.max(4)).rev().find(|at| text.is_char_boundary(*at))?;
        let (part, remaining) = text.split_at(end);
        rest = Some(remaining);
        Some(part)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_message_is_cut_between_characters_and_loses_nothing() {
        let message = "aé€😀".repeat(50);
        for line_bytes in [4, 5, 7, 64, 4096] {
            let parts: Vec<_> = cut(&message, line_bytes).collect();
            assert_eq!(parts.concat(), message);
            assert!(parts.iter().all(|part| part.len() <= line_bytes && !part.is_empty()), "{line_bytes}");
        }
        assert_eq!(cut("", 16).collect::<Vec<_>>(), [""]);
    }
}
