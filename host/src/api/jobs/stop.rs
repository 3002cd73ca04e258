//! `POST /v1/jobs/{job_id}/stop`: asks a job to stop.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::job_json::StatusJson;
use crate::api::extract::{JobPath, Params};
use crate::api::json::json;
use crate::api::problem::Problem;
use crate::api::state::Shared;
use crate::domain::Status;
use crate::scheduler::StopAnswer;

/// How to stop.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct StopQuery {
    /// Answer only after the job has ended.
    #[serde(default)]
    #[param(default = false)]
    wait: bool,
}

/// What a stop request came to.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StopAnswer)]
pub(crate) struct StopJson {
    /// Whether the request was stored before the job had ended; with `wait`, whether the job is `stopped` now.
    stopped: bool,
    /// Where the job stands.
    #[schema(value_type = StatusJson)]
    status: Status,
}

/// Stop a job
///
/// The request is stored before the answer: the job never starts again by itself. The module has its grace period to save
/// a checkpoint and return; it may still complete.
#[utoipa::path(post, path = "/v1/jobs/{job_id}/stop", operation_id = "stop_job", tag = "jobs",
    params(("job_id" = uuid::Uuid, Path), StopQuery),
    responses((status = 200, description = "What the request came to", body = StopJson)))]
pub(crate) async fn stop(
    State(api): State<Shared>,
    JobPath(id): JobPath,
    Params(StopQuery { wait }): Params<StopQuery>,
) -> Result<Response, Problem> {
    let scheduler = api.scheduler.clone();
    let answer = if wait {
        api.change(async move { scheduler.stop_job_and_wait(id).await }).await?
    } else {
        api.change(async move { scheduler.stop_job(id).await }).await?
    };
    Ok(json(StatusCode::OK, &StopJson::from(answer)))
}

impl From<StopAnswer> for StopJson {
    fn from(answer: StopAnswer) -> Self {
        Self { stopped: answer.stopped, status: answer.status }
    }
}
