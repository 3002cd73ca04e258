//! The conformance module in Rust: `tests/conformance/` says what each behaviour must come to, in every language.

use std::time::Duration;

use cofferdam_sdk::bindings::cofferdam::module::{job_context, types};
use cofferdam_sdk::{Failure, Job, LogLevel, SaveError};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// What to do.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the names say it, and tests/conformance/ the rest")]
pub enum Behaviour {
    LogLevels,
    LogMany,
    LogSize,
    Echo,
    Results,
    BigResult,
    BigCheckpoint,
    Full,
    InvalidJson,
    Checkpoints,
    Progress,
    Sleep,
    WaitForStop,
    Permanent,
    Retryable,
    Exception,
    WrongCheckpoint,
}

/// What to do, how often, how large, and with which text.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Inputs {
    behaviour: Behaviour,
    #[serde(default)]
    count: u64,
    #[serde(default)]
    size: u64,
    #[serde(default)]
    text: String,
}

/// What stands before each text.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    #[serde(default)]
    prefix: String,
}

#[derive(Deserialize, Serialize)]
struct Number {
    n: u64,
}

#[derive(Serialize)]
struct Text {
    text: String,
}

/// Does it.
#[cofferdam_sdk::module]
pub fn run(job: &Job, inputs: &Inputs, settings: &Settings) -> Result<(), Failure> {
    match inputs.behaviour {
        Behaviour::LogLevels => log_levels(&format!("{}{}", settings.prefix, inputs.text)),
        Behaviour::LogMany => (1..=inputs.count).for_each(|n| log::info!("line {n}")),
        Behaviour::LogSize => log::info!("{}", letters(inputs.size)),
        Behaviour::Echo => echo(job, inputs, settings)?,
        Behaviour::Results => (1..=inputs.count).try_for_each(|n| job.save_result(&Number { n }))?,
        Behaviour::BigResult => told(job, job.save_result(&Text { text: letters(inputs.size) }))?,
        Behaviour::BigCheckpoint => big_checkpoint(job, inputs.size)?,
        Behaviour::Full => return full(job, inputs),
        Behaviour::InvalidJson => invalid_json(job)?,
        Behaviour::Checkpoints => checkpoints(job, inputs)?,
        Behaviour::Progress => {
            (1..=inputs.count).for_each(|done| job.report_progress(done, inputs.count));
            job.report_progress(inputs.count, None);
        }
        Behaviour::Sleep => {
            job.sleep(Duration::from_millis(inputs.size));
            job.save_result(&json!({ "cancelled": job.is_cancelled() }))?;
        }
        Behaviour::WaitForStop => {
            while !job.is_cancelled() {
                job.sleep(Duration::from_secs(1));
            }
            job.save_checkpoint(&json!({ "stopped": true }))?;
        }
        Behaviour::Permanent => return Err(Failure::permanent(inputs.text.as_str())),
        Behaviour::Retryable if u64::from(job.attempt) < inputs.count => {
            return Err(Failure::retryable(inputs.text.as_str()));
        }
        Behaviour::Retryable => job.save_result(&json!({ "attempt": job.attempt }))?,
        Behaviour::Exception => outer(&inputs.text),
        Behaviour::WrongCheckpoint => {
            job.checkpoint::<Number>()?;
        }
    }
    Ok(())
}

fn letters(size: u64) -> String {
    "x".repeat(usize::try_from(size).unwrap_or(usize::MAX))
}

fn log_levels(text: &str) {
    log::trace!("{text}");
    log::debug!("{text}");
    log::info!("{text}");
    log::warn!("{text}");
    log::error!("{text}");
    cofferdam_sdk::log(LogLevel::Critical, text);
}

fn echo(job: &Job, inputs: &Inputs, settings: &Settings) -> Result<(), SaveError> {
    log::info!("{}", inputs.text);
    job.save_result(&json!({
        "text": inputs.text,
        "prefix": settings.prefix,
        "count": inputs.count,
        "attempt": job.attempt,
        "job_id": job.id,
        "same_id": job_context::job_id() == job.id,
    }))
}

/// Saves instead what was refused as too large.
fn told(job: &Job, saved: Result<(), SaveError>) -> Result<(), SaveError> {
    let Err(SaveError::TooLarge { limit_bytes }) = saved else { return saved };
    log::warn!("too large: {limit_bytes}");
    job.save_result(&json!({ "refused": "too-large", "limit": limit_bytes }))
}

fn big_checkpoint(job: &Job, size: u64) -> Result<(), SaveError> {
    let saved = job.save_checkpoint(&Text { text: letters(size) });
    if saved.is_ok() {
        return job.save_result(&json!({ "saved": size }));
    }
    told(job, saved)
}

fn full(job: &Job, inputs: &Inputs) -> Result<(), Failure> {
    for _ in 0..inputs.count {
        match job.save_result(&Text { text: letters(inputs.size) }) {
            Err(SaveError::LimitReached(limit)) => {
                log::warn!("limit reached: {limit}");
                return Ok(());
            }
            other => other?,
        }
    }
    Err(Failure::permanent("never refused"))
}

fn invalid_json(job: &Job) -> Result<(), SaveError> {
    let refused = |text: &str| {
        let saved = [job_context::save_result(text), job_context::save_checkpoint(text)];
        saved.iter().filter(|saved| matches!(saved, Err(types::SaveError::InvalidJson(_)))).count()
    };
    job.save_result(&json!({ "refused": refused("[1]") + refused(r#"{"a":"#) }))
}

fn checkpoints(job: &Job, inputs: &Inputs) -> Result<(), Failure> {
    let start = job.checkpoint::<Number>()?.map_or(0, |number| number.n);
    for n in start + 1..=inputs.count {
        if job.is_cancelled() {
            break;
        }
        job.save_result(&Number { n })?;
        job.save_checkpoint(&Number { n })?;
        job.report_progress(n, inputs.count);
        if inputs.size > 0 {
            job.sleep(Duration::from_millis(inputs.size));
        }
    }
    Ok(())
}

#[inline(never)]
fn outer(text: &str) {
    deep(text);
}

#[inline(never)]
fn deep(text: &str) {
    panic!("{text}");
}
