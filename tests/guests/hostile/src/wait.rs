//! Waiting without end: in the host's own sleep, and in WASI's.

use std::time::Duration;

use cofferdam_sdk::{Failure, Job};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::behaviour::Behave;

/// Sleeps in one call of the host for as long as a call can say. The host ends it on a stop request; then it returns
/// ok.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct SleepForEver {}

impl Behave for SleepForEver {
    fn behave(self, job: &Job) -> Result<(), Failure> {
        job.sleep(Duration::MAX);
        log::info!("woken");
        Ok(())
    }
}

/// Sleeps again and again, and does not care why the sleep ends.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct IgnoreStopRequest {
    /// How long each sleep is.
    #[serde(default = "short_ms")]
    sleep_ms: u64,
}

impl Behave for IgnoreStopRequest {
    fn behave(self, job: &Job) -> Result<(), Failure> {
        loop {
            job.sleep(Duration::from_millis(self.sleep_ms));
        }
    }
}

/// Parks in WASI's poll for a year, where no stop request reaches it.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct ParkInWasi {}

impl Behave for ParkInWasi {
    fn behave(self, _: &Job) -> Result<(), Failure> {
        log::info!("parking");
        std::thread::sleep(Duration::from_hours(365 * 24));
        Ok(())
    }
}

fn short_ms() -> u64 {
    10
}
