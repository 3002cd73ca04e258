//! `GET /v1/schedules/{schedule_id}/next`: the next occurrences of a schedule.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::openapi::schema::{Object, ObjectBuilder, Type};
use utoipa::{IntoParams, ToSchema};

use crate::api::extract::{PageLimit, Params, SchedulePath};
use crate::api::json::{Parsed, json};
use crate::api::problem::Problem;
use crate::api::state::Shared;
use crate::domain::{NextRun, Timestamp};

/// Occurrences that are told when nobody says how many: what fits on a screen.
const USUAL: u32 = 10;

/// How many occurrences to tell.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct NextQuery {
    /// How many; more than 1,000 counts as 1,000.
    #[param(schema_with = few_schema, required = false)]
    limit: Option<Parsed<PageLimit>>,
}

/// The next occurrences.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NextRuns)]
pub(crate) struct NextRunsJson {
    /// Soonest first; none while the schedule is paused.
    pub(super) next: Vec<NextRunJson>,
}

/// One of the next occurrences.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NextRun)]
pub(crate) struct NextRunJson {
    /// When the pattern says.
    #[schema(value_type = String, format = DateTime)]
    scheduled_for: Timestamp,
    /// The same with its jitter: when the job starts.
    #[schema(value_type = String, format = DateTime)]
    run_at: Timestamp,
}

/// Tell the next occurrences of a schedule
#[utoipa::path(get, path = "/v1/schedules/{schedule_id}/next", operation_id = "list_next_runs", tag = "schedules",
    params(("schedule_id" = String, Path, description = "Its id or its name"), NextQuery),
    responses((status = 200, description = "The next occurrences", body = NextRunsJson)))]
pub(crate) async fn next(
    State(api): State<Shared>,
    SchedulePath(schedule): SchedulePath,
    Params(query): Params<NextQuery>,
) -> Result<Response, Problem> {
    let next = api.scheduler.next_runs(&schedule, few(query.limit.as_ref()))?;
    Ok(json(StatusCode::OK, &NextRunsJson { next: next.into_iter().map(Into::into).collect() }))
}

/// How many are asked for.
pub(super) fn few(limit: Option<&Parsed<PageLimit>>) -> usize {
    PageLimit::or(limit, USUAL) as usize
}

/// What the document says of it.
pub(super) fn few_schema() -> Object {
    ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(1)).default(Some(USUAL.into())).build()
}

impl From<NextRun> for NextRunJson {
    fn from(NextRun { scheduled_for, fire_at }: NextRun) -> Self {
        Self { scheduled_for, run_at: fire_at }
    }
}
