//! `POST /v1/jobs/batch`: starts many jobs at once.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use futures_util::future::join_all;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::start::{StartBody, begin, trace_link};
use crate::access::Caller;
use crate::api::extract::{JsonBody, JsonRequest, Who, parse_json};
use crate::api::json::json;
use crate::api::problem::{INVALID_FIELD, Problem, ProblemJson};
use crate::api::state::Shared;
use crate::domain::limits::MIB;
use crate::domain::{JobId, JsonObject};
use crate::scheduler::StartJob;
use crate::traced::TraceLink;

/// Jobs of one request.
const JOBS_MAX: usize = 1_000;

/// Jobs to start.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = StartJobs)]
pub(crate) struct BatchBody {
    /// Each a `StartJob` as for `POST /v1/jobs`; at most 1,000. One that is wrong is refused by itself, in its place of the
    /// answer.
    #[schema(value_type = Vec<Object>, max_items = 1000)]
    jobs: Vec<JsonObject>,
}

impl JsonRequest for BatchBody {
    const BODY_BYTES: u64 = 32 * MIB;
}

/// What became of each job, in the order of the request.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StartedJobs)]
pub(crate) struct BatchJson<'p> {
    jobs: Vec<BatchItemJson<'p>>,
}

/// What became of one job.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
#[schema(as = StartedOrNot)]
pub(crate) enum BatchItemJson<'p> {
    /// It is stored.
    Started {
        /// Its id.
        #[schema(value_type = uuid::Uuid)]
        id: JobId,
    },
    /// It was refused; the others are not touched by it.
    Refused {
        /// Why, with pointers into this job.
        error: ProblemJson<'p>,
    },
}

/// Start up to 1,000 jobs
///
/// Those that are taken are stored together before the answer; one that is refused does no harm to the others.
#[utoipa::path(post, path = "/v1/jobs/batch", operation_id = "start_jobs", tag = "jobs", request_body = BatchBody,
    responses((status = 200, description = "What became of each, in the same order", body = BatchJson)))]
pub(crate) async fn batch(
    State(api): State<Shared>,
    Who(caller): Who,
    headers: HeaderMap,
    JsonBody(body): JsonBody<BatchBody>,
) -> Result<Response, Problem> {
    let count = body.jobs.len();
    if count > JOBS_MAX {
        let sentence = format!("`jobs` has {count} jobs; at most {JOBS_MAX} are started at once");
        return Err(Problem::in_field(INVALID_FIELD, "jobs", sentence));
    }
    let trace = trace_link(&headers);
    let started = join_all(body.jobs.iter().map(|job| start(&api, &caller, job, trace))).await;
    let jobs = started.iter().map(|started| match started {
        Ok(id) => BatchItemJson::Started { id: *id },
        Err(problem) => BatchItemJson::Refused { error: problem.into() },
    });
    Ok(json(StatusCode::OK, &BatchJson { jobs: jobs.collect() }))
}

async fn start(api: &Shared, caller: &Caller, job: &JsonObject, trace: Option<TraceLink>) -> Result<JobId, Problem> {
    let request = parse_json::<StartBody>(job.as_str().as_bytes()).map(StartJob::from)?;
    let request = StartJob { trace, ..request };
    begin(api, caller, request).await.map(|started| started.job().id)
}
