//! The imports of the component.

use crate::bindings::cofferdam::module::job_context;
use crate::{LogLevel, SaveError};

pub(crate) use job_context::{is_cancelled, report_progress, sleep};

pub(crate) fn log(level: LogLevel, message: &str) {
    job_context::log(message, level);
}

pub(crate) fn save_result(json: &str) -> Result<(), SaveError> {
    Ok(job_context::save_result(json)?)
}

pub(crate) fn save_checkpoint(json: &str) -> Result<(), SaveError> {
    Ok(job_context::save_checkpoint(json)?)
}
