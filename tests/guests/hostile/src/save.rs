//! Saving too much: results and checkpoints at and past their limits.

use cofferdam_sdk::{Failure, Job, SaveError};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::behaviour::{Answer, Behave};

const MIB: usize = 1024 * 1024;

/// A JSON object whose text has a chosen size.
#[derive(Serialize)]
struct Padding {
    x: String,
}

impl Padding {
    /// Its text is exactly this long, or as long as the empty one if that is longer.
    fn of(bytes: usize) -> Self {
        Self { x: "x".repeat(bytes.saturating_sub(r#"{"x":""}"#.len())) }
    }
}

/// Saves one result of a chosen size, then what the host said to it.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct SaveHugeResult {
    /// Bytes of the result; one more than allowed unless given.
    #[serde(default = "more_than_a_result")]
    bytes: usize,
}

impl Behave for SaveHugeResult {
    fn behave(self, job: &Job) -> Result<(), Failure> {
        let answer = said(&job.save_result(&Padding::of(self.bytes)));
        job.save_result(&Answer { tried: "huge result", answer })?;
        Ok(())
    }
}

/// Saves results until the host refuses, then saves that as a checkpoint and returns ok.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct SaveResultsWithoutEnd {
    /// Bytes of each result.
    #[serde(default = "a_result")]
    bytes: usize,
}

/// How many results fitted, and what refused the next one.
#[derive(Serialize)]
struct Fitted {
    saved: u64,
    answer: String,
}

impl Behave for SaveResultsWithoutEnd {
    fn behave(self, job: &Job) -> Result<(), Failure> {
        let result = Padding::of(self.bytes);
        let mut saved = 0;
        let refused = loop {
            match job.save_result(&result) {
                Ok(()) => saved += 1,
                Err(error) => break error,
            }
        };
        log::warn!("{refused}");
        job.save_checkpoint(&Fitted { saved, answer: said(&Err(refused)) })?;
        Ok(())
    }
}

/// Saves one checkpoint of a chosen size, then what the host said to it as a result.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct SaveHugeCheckpoint {
    /// Bytes of the checkpoint; one more than allowed unless given.
    #[serde(default = "more_than_a_checkpoint")]
    bytes: usize,
}

impl Behave for SaveHugeCheckpoint {
    fn behave(self, job: &Job) -> Result<(), Failure> {
        let answer = said(&job.save_checkpoint(&Padding::of(self.bytes)));
        job.save_result(&Answer { tried: "huge checkpoint", answer })?;
        Ok(())
    }
}

/// Saves checkpoints one after another, without a pause.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct SaveManyCheckpoints {
    /// How many.
    #[serde(default = "many")]
    count: u64,
}

/// The number of the checkpoint, from 1.
#[derive(Serialize)]
struct Numbered {
    number: u64,
}

impl Behave for SaveManyCheckpoints {
    fn behave(self, job: &Job) -> Result<(), Failure> {
        for number in 1..=self.count {
            job.save_checkpoint(&Numbered { number })?;
        }
        Ok(())
    }
}

/// The host's answer in the contract's own words.
pub(crate) fn said(answer: &Result<(), SaveError>) -> String {
    match answer {
        Ok(()) => "ok".into(),
        Err(SaveError::InvalidJson(_)) => "invalid-json".into(),
        Err(SaveError::TooLarge { limit_bytes }) => format!("too-large: {limit_bytes}"),
        Err(SaveError::LimitReached(limit)) => format!("limit-reached: {limit}"),
    }
}

fn a_result() -> usize {
    4 * MIB
}

fn more_than_a_result() -> usize {
    4 * MIB + 1
}

fn more_than_a_checkpoint() -> usize {
    16 * MIB + 1
}

fn many() -> u64 {
    1_000
}
