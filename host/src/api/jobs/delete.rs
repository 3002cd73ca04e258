//! `DELETE /v1/jobs/{job_id}`: removes an ended job with all it has.

use axum::extract::State;
use axum::http::StatusCode;

use crate::api::extract::JobPath;
use crate::api::problem::Problem;
use crate::api::state::Shared;

/// Delete a job
///
/// Removes an ended job with its log, its results and its checkpoints; 409 `job_active` otherwise.
#[utoipa::path(delete, path = "/v1/jobs/{job_id}", operation_id = "delete_job", tag = "jobs", params(("job_id" = uuid::Uuid, Path)),
    responses((status = 204, description = "It is gone")))]
pub(crate) async fn delete(State(api): State<Shared>, JobPath(id): JobPath) -> Result<StatusCode, Problem> {
    let scheduler = api.scheduler.clone();
    api.change(async move { scheduler.delete_job(id).await }).await?;
    Ok(StatusCode::NO_CONTENT)
}
