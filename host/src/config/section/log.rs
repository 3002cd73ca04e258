//! The table `[log]`: what the host says about itself on stderr. Jobs' logs are not meant here.

use serde::{Deserialize, Serialize};
use tracing_subscriber::EnvFilter;

use crate::config::problems::Problems;

/// What the host logs, and in which form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogSection {
    /// A level, or levels by part of the program, such as `info,cofferdam::scheduler=debug`. Also `COFFERDAM_LOG`.
    pub filter: String,
    /// How a line looks.
    pub format: LogFormat,
}

/// How a line of the host's own log looks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line, for programs.
    Json,
}

impl Default for LogSection {
    fn default() -> Self {
        Self { filter: "info".to_owned(), format: LogFormat::Text }
    }
}

impl LogSection {
    pub(in crate::config) fn check(&self, problems: &mut Problems) {
        if let Err(error) = EnvFilter::builder().parse(&self.filter) {
            problems.add(
                "log.filter",
                format!("is `{}`: {error}; write a level (error, warn, info, debug, trace) or target=level, joined by commas", self.filter),
            );
        }
    }
}
