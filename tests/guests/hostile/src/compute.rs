//! Using the processor without end.

use std::hint::black_box;
use std::time::{Duration, Instant};

use cofferdam_sdk::{Failure, Job};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::behaviour::Behave;

/// Computes for ever, from the first moment, without a single call of the host.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct Spin {}

impl Behave for Spin {
    fn behave(self, _: &Job) -> Result<(), Failure> {
        spin()
    }
}

/// Waits politely until it is asked to stop, says so in the log, and then computes for ever.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct SpinAfterStopRequest {}

impl Behave for SpinAfterStopRequest {
    fn behave(self, job: &Job) -> Result<(), Failure> {
        while !job.is_cancelled() {
            job.sleep(Duration::from_secs(1));
        }
        log::info!("asked to stop, and spinning instead");
        spin()
    }
}

fn spin() -> ! {
    let mut turns = 0_u64;
    loop {
        turns = black_box(turns.wrapping_add(1));
    }
}

/// Asks its host for the time, again and again.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct CallHostWithoutEnd {
    /// How often; for ever unless given.
    #[serde(default)]
    calls: Option<u64>,
}

impl Behave for CallHostWithoutEnd {
    fn behave(self, _: &Job) -> Result<(), Failure> {
        for _ in 0..self.calls.unwrap_or(u64::MAX) {
            black_box(Instant::now());
        }
        Ok(())
    }
}
