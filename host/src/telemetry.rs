//! The host's own log: to stderr, as people or programs read it.
//!
//! Owns setting it up, once. What jobs log is stored and shown elsewhere, and never goes through here.

use tracing_subscriber::EnvFilter;

use crate::config::{LogFormat, LogSection};

/// The log could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// The filter is none. Settings that were resolved have a valid one.
    #[error("the log filter `{filter}` is not valid: {reason}")]
    Filter {
        /// What was given.
        filter: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The process has a log already.
    #[error("the log of this process is set up already: {0}")]
    Twice(String),
}

/// Whether lines may have colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colours {
    /// On a terminal that shows them.
    On,
    /// Elsewhere.
    Off,
}

/// Writes what the host says to stderr from now on.
pub fn start(log: &LogSection, colours: Colours) -> Result<(), TelemetryError> {
    let filter = EnvFilter::builder().parse(&log.filter);
    let filter =
        filter.map_err(|error| TelemetryError::Filter { filter: log.filter.clone(), reason: error.to_string() })?;
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let started = match log.format {
        LogFormat::Text => lines.with_ansi(colours == Colours::On).try_init(),
        LogFormat::Json => lines.json().flatten_event(true).try_init(),
    };
    started.map_err(|error| TelemetryError::Twice(error.to_string()))
}
