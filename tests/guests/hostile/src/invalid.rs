//! Saving what is not a JSON object, past the SDK, which could not say it.

use cofferdam_sdk::bindings::cofferdam::module::job_context;
use cofferdam_sdk::bindings::cofferdam::module::types::SaveError as RawSaveError;
use cofferdam_sdk::{Failure, Job, SaveError};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::behaviour::{Answer, Behave};
use crate::save::said;

/// None of these is a JSON object.
const INVALID: [&str; 16] = [
    "",
    " ",
    "{",
    "{}{}",
    "{\"a\":1,}",
    "{'a':1}",
    "{a:1}",
    "{\"a\":NaN}",
    "{\"a\":01}",
    "{\"a\":\"\0\"}",
    "{\"a\":\"\\x\"}",
    "\u{feff}{}",
    "[]",
    "null",
    "7",
    "\"{}\"",
];

/// Tries every invalid text as a result, then saves what the host said to each.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct SaveInvalidResults {}

impl Behave for SaveInvalidResults {
    fn behave(self, job: &Job) -> Result<(), Failure> {
        try_all(job, job_context::save_result)
    }
}

/// Tries every invalid text as a checkpoint, then saves what the host said to each.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct SaveInvalidCheckpoints {}

impl Behave for SaveInvalidCheckpoints {
    fn behave(self, job: &Job) -> Result<(), Failure> {
        try_all(job, job_context::save_checkpoint)
    }
}

fn try_all(job: &Job, save: fn(&str) -> Result<(), RawSaveError>) -> Result<(), Failure> {
    for text in INVALID {
        let answer = said(&save(text).map_err(SaveError::from));
        job.save_result(&Answer { tried: text, answer })?;
    }
    Ok(())
}

/// Saves a result whose lists are nested so deep that a recursive reader would run out of stack, then what the host
/// said to it.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct SaveDeepJson {
    /// How deep.
    #[serde(default = "very_deep")]
    depth: usize,
}

/// How deep, and what the host said.
#[derive(Serialize)]
struct Deep {
    depth: usize,
    answer: String,
}

impl Behave for SaveDeepJson {
    fn behave(self, job: &Job) -> Result<(), Failure> {
        let text = format!("{{\"x\":{}{}}}", "[".repeat(self.depth), "]".repeat(self.depth));
        let answer = said(&job_context::save_result(&text).map_err(SaveError::from));
        job.save_result(&Deep { depth: self.depth, answer })?;
        Ok(())
    }
}

fn very_deep() -> usize {
    1_000_000
}
