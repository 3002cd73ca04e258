//! The options that say what a job is; the same for `job start` and `schedule add`.

use std::time::Duration;

use clap::Args;

use super::given::{Given, duration};
use crate::cli::Failure;
use crate::cli::client::{RetryBody, StartBody};
use crate::domain::job::labels::label;
use crate::domain::retry::MAX_ATTEMPTS;
use crate::domain::{ModuleRef, Priority};

/// A job, but when it starts.
#[derive(Debug, Args)]
pub(in crate::cli) struct Described {
    /// What to run.
    #[arg(help = "NAME (its highest version), NAME@VERSION or sha256:DIGEST")]
    module: ModuleRef,
    #[command(flatten)]
    given: Given,
    /// How long the job may go on after it was told to stop, such as 30s
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    stop_grace: Option<Duration>,
    /// How many runs may end in a failure that may pass, the first included
    #[arg(long, value_name = "RUNS", value_parser = clap::value_parser!(u32).range(1..=i64::from(MAX_ATTEMPTS)))]
    max_attempts: Option<u32>,
    /// The pause after the first such failure, 10s unless given; it doubles with each further one
    #[arg(long, value_name = "DURATION", value_parser = duration, requires = "max_attempts")]
    backoff: Option<Duration>,
    /// Of the jobs that are ready the one with the highest starts first: -1000 to 1000
    #[arg(long, value_name = "NUMBER", allow_negative_numbers = true)]
    priority: Option<Priority>,
    /// Attach a label, to find the job again; may be given several times
    #[arg(long = "label", value_name = "NAME=VALUE", value_parser = label)]
    labels: Vec<(String, String)>,
}

impl Described {
    /// The request to start it at once.
    pub(in crate::cli) fn read(self) -> Result<StartBody, Failure> {
        let given = self.given.read()?;
        Ok(StartBody {
            module_id: self.module,
            inputs: given.inputs,
            settings: given.settings,
            checkpoint: given.checkpoint,
            max_duration: self.given.max_duration,
            stop_grace: self.stop_grace,
            retry: self.max_attempts.map(|max_attempts| RetryBody { max_attempts, backoff: self.backoff }),
            run_after: None,
            priority: self.priority,
            labels: self.labels.into_iter().collect(),
        })
    }
}
