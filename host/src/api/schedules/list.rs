//! `GET /v1/schedules`: the schedules, by name.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::schedule_json::ScheduleJson;
use crate::api::cursor;
use crate::api::extract::{PageLimit, Params, Who, limit_schema};
use crate::api::json::{Parsed, json};
use crate::api::problem::Problem;
use crate::api::state::Shared;

/// Which schedules to list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListQuery {
    /// How many at most; more than 1,000 counts as 1,000.
    #[param(schema_with = limit_schema, required = false)]
    limit: Option<Parsed<PageLimit>>,
    /// The `next_cursor` of an earlier page.
    cursor: Option<String>,
}

/// Schedules by their name.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SchedulePage)]
pub(crate) struct SchedulePageJson<'p> {
    /// The schedules.
    pub(super) schedules: Vec<ScheduleJson<'p>>,
    /// Gives the next page; null at the end.
    pub(super) next_cursor: Option<String>,
}

/// List schedules, by name
#[utoipa::path(get, path = "/v1/schedules", operation_id = "list_schedules", tag = "schedules", params(ListQuery),
    responses((status = 200, description = "A page of schedules", body = SchedulePageJson)))]
pub(crate) async fn list(
    State(api): State<Shared>,
    Who(caller): Who,
    Params(query): Params<ListQuery>,
) -> Result<Response, Problem> {
    let after = query.cursor.as_deref().map(cursor::schedule).transpose()?;
    let limit = PageLimit::or_default(query.limit.as_ref());
    let page = api.scheduler.schedules(&caller.reach(), after.as_ref(), limit).await?;
    let schedules = page.schedules.iter().map(Into::into).collect();
    let next_cursor = page.next.as_ref().map(cursor::after_schedule);
    Ok(json(StatusCode::OK, &SchedulePageJson { schedules, next_cursor }))
}
