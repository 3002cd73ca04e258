//! `GET /v1/jobs/{job_id}`: one job.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::job_json::{JobJson, show};
use crate::api::extract::JobPath;
use crate::api::problem::Problem;
use crate::api::state::Shared;
use crate::scheduler::JobNotFound;

/// Show a job
#[utoipa::path(get, path = "/v1/jobs/{job_id}", operation_id = "get_job", tag = "jobs", params(("job_id" = uuid::Uuid, Path)),
    responses((status = 200, description = "The job", body = JobJson)))]
pub(crate) async fn get(State(api): State<Shared>, JobPath(id): JobPath) -> Result<Response, Problem> {
    let job = api.scheduler.job(id).await?.ok_or(JobNotFound(id))?;
    Ok(show(StatusCode::OK, &job, &api.limits.get()))
}
