//! What a job may ask for, with its bounds.
//!
//! The bounds stand in the JSON Schemas, where the host checks them, and are checked here once more, because a module
//! also runs under hosts and tests that do not.

use cofferdam_sdk::Failure;
use schemars::JsonSchema;
use serde::Deserialize;

/// The base primes of 10^14 reach 10^7 and take 10 MB; a limit that large takes days.
const LIMIT_MAX: u64 = 100_000_000_000_000;
/// Below this, starting a segment costs more than sieving it.
const SEGMENT_MIN: u64 = 1_000;
/// 2^28 numbers take 16 MiB of sieve.
const SEGMENT_MAX: u64 = 268_435_456;

/// What to count.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Inputs {
    /// Primes up to this number are counted, the number itself included.
    #[schemars(range(max = LIMIT_MAX))]
    pub limit: u64,
}

/// How to go about it. The count does not depend on any of these.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Numbers sieved at once. A million numbers take 64 KiB, which fits the fast caches of most processors.
    #[serde(default = "default_segment_size")]
    #[schemars(range(min = SEGMENT_MIN, max = SEGMENT_MAX))]
    pub segment_size: u64,
    /// Segments in a block. Each block ends with one result and one checkpoint.
    #[serde(default = "default_checkpoint_every")]
    #[schemars(range(min = 1))]
    pub checkpoint_every: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self { segment_size: default_segment_size(), checkpoint_every: default_checkpoint_every() }
    }
}

impl Inputs {
    pub(crate) fn check(&self) -> Result<(), Failure> {
        within("inputs.limit", self.limit, 0, LIMIT_MAX)
    }
}

impl Settings {
    pub(crate) fn check(&self) -> Result<(), Failure> {
        within("settings.segment_size", self.segment_size, SEGMENT_MIN, SEGMENT_MAX)?;
        within("settings.checkpoint_every", self.checkpoint_every, 1, u64::MAX)
    }
}

fn within(what: &str, value: u64, min: u64, max: u64) -> Result<(), Failure> {
    if (min..=max).contains(&value) {
        return Ok(());
    }
    Err(Failure::permanent(format!("{what} is {value}, and must be from {min} to {max}")))
}

fn default_segment_size() -> u64 {
    1_048_576
}

fn default_checkpoint_every() -> u64 {
    64
}
