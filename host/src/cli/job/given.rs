//! The options by which a job is told what to do; the same for `run`, `job start` and `job resume`.

use std::time::Duration;

use clap::Args;

use crate::cli::Failure;
use crate::cli::json_argument::object;
use crate::domain::JsonObject;

/// Inputs, settings and run time.
#[derive(Debug, Clone, Default, Args)]
pub(in crate::cli) struct Given {
    /// What the module is given: a JSON object, @FILE, or - for standard input
    #[arg(long, value_name = "JSON")]
    inputs: Option<String>,
    /// How the module is told to work: a JSON object, @FILE, or -
    #[arg(long, value_name = "JSON")]
    settings: Option<String>,
    /// State to start from, as if the module had saved it: a JSON object, @FILE, or -
    #[arg(long, value_name = "JSON")]
    checkpoint: Option<String>,
    /// The most run time, such as 90s or 2h; then the job is stopped
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    pub(in crate::cli) max_duration: Option<Duration>,
}

/// The same, read.
#[derive(Debug, Clone, Default)]
pub(in crate::cli) struct Read {
    pub(in crate::cli) inputs: Option<JsonObject>,
    pub(in crate::cli) settings: Option<JsonObject>,
    pub(in crate::cli) checkpoint: Option<JsonObject>,
}

impl Given {
    /// Whether anything is given.
    pub(in crate::cli) const fn is_any(&self) -> bool {
        self.inputs.is_some() || self.settings.is_some() || self.checkpoint.is_some() || self.max_duration.is_some()
    }

    /// Reads what stands in files or comes on standard input.
    pub(in crate::cli) fn read(&self) -> Result<Read, Failure> {
        let all = [&self.inputs, &self.settings, &self.checkpoint];
        if all.iter().filter(|argument| argument.as_deref() == Some("-")).count() > 1 {
            return Err(Failure::usage(
                "only one of --inputs, --settings and --checkpoint can be `-`: there is one standard input",
            ));
        }
        Ok(Read {
            inputs: object("--inputs", self.inputs.as_deref())?,
            settings: object("--settings", self.settings.as_deref())?,
            checkpoint: object("--checkpoint", self.checkpoint.as_deref())?,
        })
    }
}

/// Reads a duration.
pub(in crate::cli) fn duration(text: &str) -> Result<Duration, String> {
    humantime::parse_duration(text).map_err(|error| format!("{error}; write it as 90s, 2h 15m or 7d"))
}
