//! A line of a job's log as this program shows it, from the API or from the host in this process.

use serde::Deserialize;

use crate::domain::{LogLevel, LogLine, LogSource};

/// One line. Fields that a later server adds are ignored.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(in crate::cli) struct LogView {
    /// Its number.
    pub(in crate::cli) seq: u64,
    /// When the host got it.
    pub(in crate::cli) time: String,
    /// Which attempt wrote it.
    pub(in crate::cli) attempt: u32,
    /// How severe it is.
    pub(in crate::cli) level: LogLevel,
    /// Who wrote it.
    pub(in crate::cli) source: LogSource,
    /// The text.
    pub(in crate::cli) message: String,
    /// Whether it is the rest of the line before it.
    #[serde(default)]
    pub(in crate::cli) continued: bool,
}

impl From<LogLine> for LogView {
    fn from(line: LogLine) -> Self {
        Self {
            seq: line.seq,
            time: line.time.to_string(),
            attempt: line.attempt,
            level: line.level,
            source: line.source,
            message: line.message,
            continued: line.continued,
        }
    }
}
