//! `PUT /v1/jobs/{job_id}/keep`: whether retention leaves a job alone.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use utoipa::ToSchema;

use super::job_json::{JobJson, show};
use crate::api::extract::{JobPath, JsonBody, JsonRequest};
use crate::api::problem::Problem;
use crate::api::state::Shared;
use crate::domain::limits::KIB;

/// Whether a job is to be kept.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = KeepJob)]
pub(crate) struct KeepBody {
    /// `true`: it stays, with all that it has, however old it is and however full the database. `false`: as any other.
    keep: bool,
}

impl JsonRequest for KeepBody {
    const BODY_BYTES: u64 = KIB;
}

/// Keep a job, or keep it no longer
///
/// Retention leaves a job alone that is to be kept; only `DELETE` removes it.
#[utoipa::path(put, path = "/v1/jobs/{job_id}/keep", operation_id = "keep_job", tag = "jobs",
    params(("job_id" = uuid::Uuid, Path)), request_body = KeepBody,
    responses((status = 200, description = "The job", body = JobJson)))]
pub(crate) async fn keep(
    State(api): State<Shared>,
    JobPath(id): JobPath,
    JsonBody(KeepBody { keep }): JsonBody<KeepBody>,
) -> Result<Response, Problem> {
    let scheduler = api.scheduler.clone();
    let job = api.change(async move { scheduler.keep_job(id, keep).await }).await?;
    Ok(show(StatusCode::OK, &job, &api.limits.get()))
}
