//! Counting: results, checkpoints and progress whose right order a test can check after any number of kills.

use std::time::Duration;

use cofferdam_sdk::{Failure, Job};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::behaviour::Behave;

/// Saves result *n* and then checkpoint *n*, for *n* from 1 or from its checkpoint. A stop request ends it after a
/// checkpoint, with ok.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct Count {
    /// The last number.
    #[serde(default = "ten")]
    to: u64,
    /// The pause after each checkpoint.
    #[serde(default)]
    pause_ms: u64,
    /// Bytes of filling in each result and checkpoint.
    #[serde(default)]
    padding_bytes: usize,
}

/// A result and a checkpoint alike.
#[derive(Deserialize, Serialize)]
struct Number {
    n: u64,
    /// The attempt that saved it.
    attempt: u32,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    padding: String,
}

impl Behave for Count {
    fn behave(self, job: &Job) -> Result<(), Failure> {
        let done = job.checkpoint::<Number>()?.map_or(0, |number| number.n);
        log::info!("attempt {} goes on after {done}", job.attempt);
        for n in done + 1..=self.to {
            let number = Number { n, attempt: job.attempt, padding: "x".repeat(self.padding_bytes) };
            job.save_result(&number)?;
            log::info!("{n}");
            job.save_checkpoint(&number)?;
            job.report_progress(n, self.to);
            if self.pause_ms > 0 {
                job.sleep(Duration::from_millis(self.pause_ms));
            }
            if job.is_cancelled() {
                log::info!("stopping after {n}");
                return Ok(());
            }
        }
        Ok(())
    }
}

/// Reports progress as fast as it can.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct ReportProgressOften {
    /// How many times.
    #[serde(default = "a_million")]
    times: u64,
}

impl Behave for ReportProgressOften {
    fn behave(self, job: &Job) -> Result<(), Failure> {
        for done in 1..=self.times {
            job.report_progress(done, self.times);
        }
        Ok(())
    }
}

fn ten() -> u64 {
    10
}

fn a_million() -> u64 {
    1_000_000
}
