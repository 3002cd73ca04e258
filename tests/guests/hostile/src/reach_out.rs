//! Reaching for what nobody granted. Each attempt must be answered with an error, and the error is saved as a result.

use std::fmt::Display;

use cofferdam_sdk::{Failure, Job};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::behaviour::{Answer, Behave};

/// Tries to read, write, list and make files in and above every folder that might be there.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct OpenFiles {}

impl Behave for OpenFiles {
    fn behave(self, job: &Job) -> Result<(), Failure> {
        for path in ["/etc/passwd", "/proc/self/environ", "../../../../etc/passwd", "Cargo.toml"] {
            refused(job, &format!("read {path}"), std::fs::read(path))?;
        }
        for folder in ["/", ".", "/tmp"] {
            refused(job, &format!("list {folder}"), std::fs::read_dir(folder).map(Iterator::count))?;
        }
        for path in ["/tmp/hostile", "hostile"] {
            refused(job, &format!("write {path}"), std::fs::write(path, "hostile"))?;
        }
        refused(job, "make a folder", std::fs::create_dir("/tmp/hostile-folder"))
    }
}

/// Reads the environment and the arguments, which must be empty.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct ReadEnvironment {}

impl Behave for ReadEnvironment {
    fn behave(self, job: &Job) -> Result<(), Failure> {
        let variables = std::env::vars_os().map(|(name, _)| name).collect::<Vec<_>>();
        let arguments = std::env::args_os().collect::<Vec<_>>();
        if !variables.is_empty() || !arguments.is_empty() {
            return Err(Failure::permanent(format!("saw the variables {variables:?} and the arguments {arguments:?}")));
        }
        job.save_result(&Answer { tried: "environment and arguments", answer: "empty".into() })?;
        Ok(())
    }
}

/// Saves the error, or fails the job when there is none.
pub(crate) fn refused<T, E: Display>(job: &Job, tried: &str, outcome: Result<T, E>) -> Result<(), Failure> {
    match outcome {
        Ok(_) => Err(Failure::permanent(format!("the sandbox let me {tried}"))),
        Err(error) => Ok(job.save_result(&Answer { tried, answer: error.to_string() })?),
    }
}
