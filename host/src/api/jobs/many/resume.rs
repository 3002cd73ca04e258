//! `POST /v1/jobs/resume`: takes many stopped or failed jobs up again.

use axum::extract::State;
use axum::response::Response;

use super::each::each;
use super::many_json::{ManyJobsJson, SelectJobs};
use crate::api::extract::{JsonBody, Who};
use crate::api::problem::Problem;
use crate::api::state::Shared;
use crate::domain::Status;
use crate::scheduler::ResumeJob;

/// Resume many jobs
///
/// Each goes on from its last checkpoint, with what it had. At most 1,000 in one request; `remaining` says how many more fit, and
/// `next_cursor` goes on with them.
#[utoipa::path(post, path = "/v1/jobs/resume", operation_id = "resume_jobs", tag = "jobs", request_body = SelectJobs,
    responses((status = 200, description = "What became of them", body = ManyJobsJson)))]
pub(crate) async fn resume(
    State(api): State<Shared>,
    Who(caller): Who,
    JsonBody(select): JsonBody<SelectJobs>,
) -> Result<Response, Problem> {
    let sensible = [Status::Failed, Status::Stopped];
    each(&api, &caller, (select, &sensible), |job| {
        let scheduler = api.scheduler.clone();
        let work = api.change(async move { scheduler.resume_job(job, ResumeJob::default()).await });
        async move { work.await.map(drop) }
    })
    .await
}
