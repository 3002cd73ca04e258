//! `GET /v1/jobs/{job_id}/results`: what a job has saved.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::api::extract::{JobPath, PageLimit, Params, Position, limit_schema, part};
use crate::api::json::{Parsed, json};
use crate::api::problem::Problem;
use crate::api::state::Shared;
use crate::domain::{JsonObject, ResultPage, Results, StoredResult, Timestamp};
use crate::scheduler::JobNotFound;

/// Which results to read.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ResultsQuery {
    /// The last number that the reader has; the page starts after it.
    #[param(value_type = Option<u64>, default = 0)]
    after: Option<Parsed<Position>>,
    /// How many results at most; more than 1,000 counts as 1,000. A page may be shorter to stay under 4 MiB.
    #[param(schema_with = limit_schema, required = false)]
    limit: Option<Parsed<PageLimit>>,
    /// Whether to list also those that a later attempt has replaced.
    #[serde(default)]
    #[param(default = false)]
    superseded: bool,
}

/// Results in the order of their numbers.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ResultPage)]
pub(crate) struct ResultPageJson<'p> {
    /// The results.
    results: Vec<ResultJson<'p>>,
    /// The last number on this page, or the `after` asked for. Only an empty page means that there is nothing more now.
    next_after: u64,
}

/// One result of a job.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = JobResult)]
pub(crate) struct ResultJson<'p> {
    /// Its number in the job.
    seq: u64,
    /// When it was saved.
    #[schema(value_type = String, format = DateTime)]
    time: Timestamp,
    /// Which attempt saved it.
    attempt: u32,
    /// Whether a resume would still replace it.
    provisional: bool,
    /// Whether a later attempt has replaced it.
    superseded: bool,
    /// What the module saved.
    #[schema(value_type = Object)]
    data: &'p JsonObject,
}

/// List a job's results
#[utoipa::path(get, path = "/v1/jobs/{job_id}/results", operation_id = "get_results", tag = "jobs",
    params(("job_id" = uuid::Uuid, Path), ResultsQuery),
    responses((status = 200, description = "A page of results", body = ResultPageJson)))]
pub(crate) async fn results(
    State(api): State<Shared>,
    JobPath(id): JobPath,
    Params(query): Params<ResultsQuery>,
) -> Result<Response, Problem> {
    let part = part(query.after, query.limit.as_ref());
    let which = if query.superseded { Results::WithSuperseded } else { Results::Current };
    let page = api.scheduler.results(id, part, which).await?.ok_or(JobNotFound(id))?;
    Ok(json(StatusCode::OK, &ResultPageJson::from(&page)))
}

impl<'p> From<&'p ResultPage> for ResultPageJson<'p> {
    fn from(page: &'p ResultPage) -> Self {
        Self { results: page.results.iter().map(ResultJson::from).collect(), next_after: page.next_after }
    }
}

impl<'p> From<&'p StoredResult> for ResultJson<'p> {
    fn from(result: &'p StoredResult) -> Self {
        Self {
            seq: result.seq,
            time: result.time,
            attempt: result.attempt,
            provisional: result.provisional,
            superseded: result.superseded,
            data: &result.data,
        }
    }
}
