//! What the host's refusals and a job's end come to, in the words that the client uses, too.

use crate::cli::Failure;
use crate::cli::client::JobEnd;
use crate::domain::{Job, JobState};
use crate::registry::AddError;
use crate::scheduler::StartError;

/// The module was not taken.
pub(super) fn refused(error: &AddError) -> Failure {
    Failure::failed(format!("the module does not fit: {error}")).detail(format!("{error:?}"))
}

/// The job was not started; says each place of its inputs that is wrong.
pub(super) fn not_started(error: &StartError) -> Failure {
    let places = match error {
        StartError::Violations(violations) => violations.as_slice(),
        _ => &[],
    };
    let places = places.iter().map(|place| format!("\n  - {}: {}", place.pointer, place.message));
    Failure::failed(format!("{error}{}", places.collect::<String>())).detail(format!("{error:?}"))
}

/// How the job ended.
pub(super) fn end_of(job: &Job) -> JobEnd {
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
