//! Ids of jobs, as people write them and as the server answers them.

use crate::cli::Failure;
use crate::cli::client::JobView;
use crate::domain::JobId;

/// Reads a job's id.
pub(super) fn job_id(text: &str) -> Result<JobId, String> {
    text.parse().map_err(|_| "no job has such an id; `cofferdam job list` shows the ids".to_owned())
}

/// The id in an answer.
pub(super) fn id_of(view: &JobView) -> Result<JobId, Failure> {
    view.id.parse().map_err(|_| Failure::failed(format!("the server's job has an id that is none: `{}`", view.id)))
}
