//! The options that say what a job is; the same for `job start` and `schedule add`.

use std::time::Duration;

use clap::Args;

use super::given::{Given, duration};
use crate::cli::Failure;
use crate::cli::client::{QueueBody, RateBody, RetryBody, StartBody, UniqueBody};
use crate::domain::job::labels::label;
use crate::domain::retry::MAX_ATTEMPTS;
use crate::domain::{JobKey, JobQueue, ModuleRef, Priority};

/// A job, but when it starts.
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("bounds").multiple(true))]
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
    /// Wait for the jobs of the module that have the same key, as --concurrency and --rate say
    #[arg(long, value_name = "KEY", requires = "bounds")]
    queue: Option<JobKey>,
    /// How many jobs with the key run at once, on all nodes together
    #[arg(long, value_name = "NUMBER", group = "bounds", requires = "queue", value_parser = clap::value_parser!(u32).range(1..=i64::from(JobQueue::CONCURRENCY_MAX)))]
    concurrency: Option<u32>,
    /// How many jobs with the key start in a time, such as 10/1m
    #[arg(long, value_name = "NUMBER/TIME", group = "bounds", requires = "queue", value_parser = rate)]
    rate: Option<RateBody>,
    /// Start it only if no job of the module with the same key is pending or running
    #[arg(long, value_name = "KEY")]
    unique: Option<JobKey>,
    /// Answer the job that has the unique key, instead of a refusal
    #[arg(long, requires = "unique")]
    or_existing: bool,
}

/// Reads `10/1m`.
fn rate(text: &str) -> Result<RateBody, String> {
    let refuse = || format!("`{text}` is no rate; write how many and in which time, such as 10/1m");
    let (limit, per) = text.split_once('/').ok_or_else(refuse)?;
    duration(per)?;
    Ok(RateBody { limit: limit.parse().map_err(|_| refuse())?, per: per.to_owned() })
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
            queue: self.queue.map(|key| QueueBody {
                key: key.to_string(),
                concurrency: self.concurrency,
                rate: self.rate,
            }),
            unique: self.unique.map(|key| UniqueBody {
                key: key.to_string(),
                on_conflict: if self.or_existing { "return" } else { "refuse" },
            }),
        })
    }
}
