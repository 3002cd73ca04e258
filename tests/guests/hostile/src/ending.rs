//! Every way in which an attempt can end by itself, having seen a stop request or not.

use std::time::Duration;

use cofferdam_sdk::{Failure, Job};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::behaviour::Behave;

/// What to return in the end.
#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Ending {
    /// Success.
    #[default]
    Ok,
    /// A permanent failure.
    Permanent,
    /// A retryable failure.
    Retryable,
    /// A trap.
    Trap,
}

impl Ending {
    fn happen(self) -> Result<(), Failure> {
        match self {
            Self::Ok => Ok(()),
            Self::Permanent => Err(Failure::permanent("meant to fail for good")),
            Self::Retryable => Err(Failure::retryable("meant to fail for now")),
            Self::Trap => panic!("meant to trap"),
        }
    }
}

/// Returns a permanent failure at once.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct FailPermanently {
    /// What the failure says.
    #[serde(default = "failure_message")]
    message: String,
}

impl Behave for FailPermanently {
    fn behave(self, _: &Job) -> Result<(), Failure> {
        Err(Failure::permanent(self.message))
    }
}

/// Returns a retryable failure at once.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct FailRetryably {
    /// The attempt that succeeds; none unless given.
    succeeds_at_attempt: Option<u32>,
}

impl Behave for FailRetryably {
    fn behave(self, job: &Job) -> Result<(), Failure> {
        if self.succeeds_at_attempt.is_some_and(|attempt| job.attempt >= attempt) {
            return Ok(());
        }
        Err(Failure::retryable(format!("attempt {} failed for now", job.attempt)))
    }
}

/// Waits until it sees a stop request, saves a result and a checkpoint, and ends as asked.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct HonourStopRequest {
    /// How to end.
    #[serde(default)]
    ending: Ending,
    /// How long it goes on after it saw the request.
    #[serde(default)]
    dally_ms: u64,
}

/// The attempt that saw the request.
#[derive(Serialize)]
struct Seen {
    seen_by_attempt: u32,
}

impl Behave for HonourStopRequest {
    fn behave(self, job: &Job) -> Result<(), Failure> {
        log::info!("waiting for a stop request");
        while !job.is_cancelled() {
            job.sleep(Duration::from_secs(1));
        }
        log::info!("asked to stop");
        std::thread::sleep(Duration::from_millis(self.dally_ms));
        let seen = Seen { seen_by_attempt: job.attempt };
        job.save_result(&seen)?;
        job.save_checkpoint(&seen)?;
        self.ending.happen()
    }
}

/// Works for a while without asking whether it should stop, and ends as asked.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct FinishUnaware {
    /// How to end.
    #[serde(default)]
    ending: Ending,
    /// How long the work takes.
    #[serde(default = "a_while_ms")]
    work_ms: u64,
}

impl Behave for FinishUnaware {
    fn behave(self, _: &Job) -> Result<(), Failure> {
        log::info!("working");
        // Not the job's own sleep, which a stop request cuts short: that would count as having seen it.
        std::thread::sleep(Duration::from_millis(self.work_ms));
        self.ending.happen()
    }
}

fn failure_message() -> String {
    "failed for good".into()
}

fn a_while_ms() -> u64 {
    500
}
