//! Counting: results, checkpoints and progress whose right order a test can check after any number of kills.

use std::hash::{BuildHasher, Hasher, RandomState};
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

/// Saves each number from 1 with the sum so far, and a checkpoint that holds the number and forgets the sum: what follows
/// a resume is wrong.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct Forget {
    /// The last number.
    #[serde(default = "ten")]
    to: u64,
    /// Up to this number its checkpoints still hold the sum.
    #[serde(default)]
    remembers: u64,
    /// Whether its results also hold a random number, which no two runs have alike.
    #[serde(default)]
    stamped: bool,
}

/// A result, and a checkpoint that lacks the sum.
#[derive(Default, Deserialize, Serialize)]
struct Counted {
    n: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sum: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    stamp: Option<u64>,
}

impl Behave for Forget {
    fn behave(self, job: &Job) -> Result<(), Failure> {
        let done = job.checkpoint::<Counted>()?.unwrap_or_default();
        let mut sum = done.sum.unwrap_or(0);
        for n in done.n + 1..=self.to {
            sum += n;
            let stamp = self.stamped.then(|| RandomState::new().build_hasher().finish());
            job.save_result(&Counted { n, sum: Some(sum), stamp })?;
            job.save_checkpoint(&Counted { n, sum: (n <= self.remembers).then_some(sum), stamp: None })?;
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
