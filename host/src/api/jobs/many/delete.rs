//! `POST /v1/jobs/delete`: removes many ended jobs.

use axum::extract::State;
use axum::response::Response;

use super::each::each;
use super::many_json::{ManyJobsJson, SelectJobs};
use crate::api::extract::{JsonBody, Who};
use crate::api::problem::Problem;
use crate::api::state::Shared;
use crate::domain::Status;

/// Delete many jobs
///
/// Each goes with its log, its results and its checkpoints. At most 1,000 in one request; `remaining` says how many more fit, and
/// `next_cursor` goes on with them.
#[utoipa::path(post, path = "/v1/jobs/delete", operation_id = "delete_jobs", tag = "jobs", request_body = SelectJobs,
    responses((status = 200, description = "What became of them", body = ManyJobsJson)))]
pub(crate) async fn delete(
    State(api): State<Shared>,
    Who(caller): Who,
    JsonBody(select): JsonBody<SelectJobs>,
) -> Result<Response, Problem> {
    let sensible = [Status::Completed, Status::Failed, Status::Stopped];
    each(&api, &caller, (select, &sensible), |job| {
        let scheduler = api.scheduler.clone();
        let work = api.change(async move { scheduler.delete_job(job).await });
        async move { work.await.map(drop) }
    })
    .await
}
