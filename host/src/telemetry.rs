//! The host's own log: to stderr, as people or programs read it.
//!
//! Owns setting it up, once. What jobs log is stored and shown elsewhere, and never goes through here.

use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Registry, fmt, registry, reload};

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

/// What the log lets through. It may be changed while the process runs.
pub struct LogFilter(reload::Handle<EnvFilter, Registry>);

impl LogFilter {
    /// Lets through what these settings say.
    pub fn set(&self, log: &LogSection) -> Result<(), TelemetryError> {
        self.0.reload(filter(log)?).map_err(|error| TelemetryError::Twice(error.to_string()))
    }
}

/// Writes what the host says to stderr from now on.
pub fn start(log: &LogSection, colours: Colours) -> Result<LogFilter, TelemetryError> {
    let (filter, handle) = reload::Layer::new(filter(log)?);
    let lines = fmt::layer().with_writer(std::io::stderr);
    let started = match log.format {
        LogFormat::Text => registry().with(filter).with(lines.with_ansi(colours == Colours::On)).try_init(),
        LogFormat::Json => registry().with(filter).with(lines.json().flatten_event(true)).try_init(),
    };
    started.map_err(|error| TelemetryError::Twice(error.to_string()))?;
    Ok(LogFilter(handle))
}

fn filter(log: &LogSection) -> Result<EnvFilter, TelemetryError> {
    let parsed = EnvFilter::builder().parse(&log.filter);
    parsed.map_err(|error| TelemetryError::Filter { filter: log.filter.clone(), reason: error.to_string() })
}
