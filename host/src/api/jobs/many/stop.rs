//! `POST /v1/jobs/stop`: asks many jobs to stop.

use axum::extract::State;
use axum::response::Response;

use super::each::each;
use super::many_json::{ManyJobsJson, SelectJobs};
use crate::api::extract::{JsonBody, Who};
use crate::api::problem::Problem;
use crate::api::state::Shared;
use crate::domain::Status;

/// Stop many jobs
///
/// Each has its grace; those that wait end at once. At most 1,000 in one request; `remaining` says how many more fit, and
/// `next_cursor` goes on with them.
#[utoipa::path(post, path = "/v1/jobs/stop", operation_id = "stop_jobs", tag = "jobs", request_body = SelectJobs,
    responses((status = 200, description = "What became of them", body = ManyJobsJson)))]
pub(crate) async fn stop(
    State(api): State<Shared>,
    Who(caller): Who,
    JsonBody(select): JsonBody<SelectJobs>,
) -> Result<Response, Problem> {
    let sensible = [Status::Pending, Status::Running];
    each(&api, &caller, (select, &sensible), |job| {
        let scheduler = api.scheduler.clone();
        let work = api.change(async move { scheduler.stop_job(job).await });
        async move { work.await.map(drop) }
    })
    .await
}
