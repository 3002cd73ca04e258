//! `GET /v1/schedules/{schedule_id}/runs`: what the occurrences of a schedule came to.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::schedule_json::ScheduleRunJson;
use crate::api::cursor;
use crate::api::extract::{PageLimit, Params, SchedulePath, limit_schema};
use crate::api::json::{Parsed, json};
use crate::api::problem::Problem;
use crate::api::state::Shared;

/// Which occurrences to list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct RunsQuery {
    /// How many at most.
    #[param(schema_with = limit_schema, required = false)]
    limit: Option<Parsed<PageLimit>>,
    /// The `next_cursor` of an earlier page.
    cursor: Option<String>,
}

/// What occurrences came to.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ScheduleRunPage)]
pub(crate) struct RunPageJson<'p> {
    /// Newest first.
    pub(super) runs: Vec<ScheduleRunJson<'p>>,
    /// Gives the next page; null at the end.
    pub(super) next_cursor: Option<String>,
}

/// List what the occurrences of a schedule came to, newest first
///
/// The newest 200 are remembered; their jobs stay as long as any.
#[utoipa::path(get, path = "/v1/schedules/{schedule_id}/runs", operation_id = "list_schedule_runs", tag = "schedules",
    params(("schedule_id" = String, Path, description = "Its id or its name"), RunsQuery),
    responses((status = 200, description = "A page of occurrences", body = RunPageJson)))]
pub(crate) async fn runs(
    State(api): State<Shared>,
    SchedulePath(schedule): SchedulePath,
    Params(query): Params<RunsQuery>,
) -> Result<Response, Problem> {
    let before = query.cursor.as_deref().map(cursor::run).transpose()?;
    let limit = PageLimit::or_default(query.limit.as_ref());
    let page = api.scheduler.schedule_runs(schedule.id, before, limit).await?;
    let runs = page.runs.iter().map(Into::into).collect();
    Ok(json(StatusCode::OK, &RunPageJson { runs, next_cursor: page.next.map(cursor::after_run) }))
}
