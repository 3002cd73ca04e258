//! `GET /v1/jobs/{job_id}/attempts`: when and where a job ran, and how each run ended.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::api::extract::{JobPath, PageLimit, Params, Position, limit_schema, part};
use crate::api::json::{Parsed, json};
use crate::api::problem::Problem;
use crate::api::state::Shared;
use crate::domain::{AttemptPage, NodeId, StoredAttempt, Timestamp};
use crate::scheduler::JobNotFound;

/// Which attempts to read.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct AttemptsQuery {
    /// The last number that the reader has; the page starts after it.
    #[param(value_type = Option<u64>, default = 0)]
    after: Option<Parsed<Position>>,
    /// How many attempts at most; more than 1,000 counts as 1,000.
    #[param(schema_with = limit_schema, required = false)]
    limit: Option<Parsed<PageLimit>>,
}

/// Attempts in their order.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AttemptPage)]
pub(crate) struct AttemptPageJson {
    /// The attempts.
    attempts: Vec<AttemptJson>,
    /// The last number on this page, or the `after` asked for. Only an empty page means that there is nothing more now.
    next_after: u64,
}

/// One run of a job, or an attempt at one.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Attempt)]
pub(crate) struct AttemptJson {
    /// Grows with each attempt, not always by one.
    seq: u64,
    /// Its number in the job. One that ran nothing of the module gives its number to the next.
    attempt: u32,
    /// Where: the boot id of a node, which may be gone.
    #[schema(value_type = uuid::Uuid)]
    node: NodeId,
    /// When it began.
    #[schema(value_type = String, format = DateTime)]
    started_at: Timestamp,
    /// When it ended; null while it runs.
    #[schema(value_type = Option<String>, format = DateTime)]
    ended_at: Option<Timestamp>,
    /// `completed`, `failed` (for good or to be tried again), `stopped`, `released` (it gave the job back, to go on later) or `crashed` (its host died); null while it runs.
    #[schema(value_type = Option<String>)]
    outcome: Option<&'static str>,
}

/// List a job's attempts
#[utoipa::path(get, path = "/v1/jobs/{job_id}/attempts", operation_id = "get_attempts", tag = "jobs",
    params(("job_id" = uuid::Uuid, Path), AttemptsQuery),
    responses((status = 200, description = "A page of attempts", body = AttemptPageJson)))]
pub(crate) async fn attempts(
    State(api): State<Shared>,
    JobPath(id): JobPath,
    Params(query): Params<AttemptsQuery>,
) -> Result<Response, Problem> {
    let part = part(query.after, query.limit.as_ref());
    let page = api.scheduler.attempts(id, part).await?.ok_or(JobNotFound(id))?;
    Ok(json(StatusCode::OK, &AttemptPageJson::from(&page)))
}

impl From<&AttemptPage> for AttemptPageJson {
    fn from(page: &AttemptPage) -> Self {
        Self { attempts: page.attempts.iter().map(AttemptJson::from).collect(), next_after: page.next_after }
    }
}

impl From<&StoredAttempt> for AttemptJson {
    fn from(attempt: &StoredAttempt) -> Self {
        let StoredAttempt { seq, attempt, node, started_at, ended } = *attempt;
        Self {
            seq,
            attempt,
            node,
            started_at,
            ended_at: ended.map(|(at, _)| at),
            outcome: ended.map(|(_, outcome)| outcome.as_str()),
        }
    }
}
