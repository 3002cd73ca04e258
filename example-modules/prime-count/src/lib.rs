//! Counts the primes up to a limit: long, CPU-bound work that goes on from its last checkpoint.
//!
//! `sieve` does the mathematics, `options` says what a job may ask for, `count` does the work block by block and talks
//! with the host.

mod count;
mod options;
mod sieve;

use cofferdam_sdk::{Failure, Job};

pub use count::{Block, State};
pub use options::{Inputs, Settings};

/// Counts the primes up to `inputs.limit`, and saves one result and one checkpoint for each block of segments.
#[cofferdam_sdk::module]
pub fn run(job: &Job, inputs: &Inputs, settings: &Settings) -> Result<(), Failure> {
    inputs.check()?;
    settings.check()?;
    count::count(job, inputs.limit, settings)
}
