//! What the host's refusals and a job's end come to, in the words that the client uses, too.

use crate::cli::Failure;
use crate::cli::client::JobEnd;
use crate::domain::{Job, JobState};
use crate::registry::{AddError, GrantError};
use crate::scheduler::StartError;
use crate::store::StoreError;

/// The module was not taken.
pub(in crate::cli) fn refused(error: &AddError) -> Failure {
    Failure::failed(format!("the module does not fit: {error}")).detail(format!("{error:?}"))
}

/// The grants were not taken.
pub(in crate::cli) fn not_granted(error: &GrantError) -> Failure {
    Failure::failed(error.to_string()).detail(format!("{error:?}"))
}

/// The job was not started; says each place of its inputs that is wrong.
pub(in crate::cli) fn not_started(error: &StartError) -> Failure {
    Failure::failed(why_not_started(error)).detail(format!("{error:?}"))
}

/// The same, as a text.
pub(in crate::cli) fn why_not_started(error: &StartError) -> String {
    let places = match error {
        StartError::Violations(violations) => violations.as_slice(),
        _ => &[],
    };
    let places = places.iter().map(|place| format!("\n  - {}: {}", place.pointer, place.message));
    format!("{error}{}", places.collect::<String>())
}

/// What the host holds cannot be read.
pub(in crate::cli) fn lost(error: &StoreError) -> Failure {
    Failure::failed(format!("the job's data cannot be read: {error}"))
}

/// How the job ended.
pub(in crate::cli) fn end_of(job: &Job) -> JobEnd {
    let (reason, backtrace) = match &job.state {
        JobState::Failed { error, .. } => {
            (Some(format!("{}: {}", error.code.as_str(), error.message)), error.backtrace.clone())
        }
        JobState::Stopped { stop, .. } => {
            let reason = stop.reason.as_str();
            (Some(if stop.forced { format!("{reason}, forced") } else { reason.to_owned() }), None)
        }
        JobState::Pending | JobState::Running | JobState::Completed { .. } => (None, None),
    };
    JobEnd { status: job.state.status(), reason, backtrace }
}
