//! `GET /v1/schedule-preview`: when a pattern comes, before a schedule is made of it.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::next::{few, few_schema};
use crate::api::extract::{PageLimit, Params};
use crate::api::json::{Parsed, json};
use crate::api::problem::Problem;
use crate::api::state::Shared;
use crate::domain::Timestamp;

/// Which pattern to read.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct PreviewQuery {
    /// The pattern, as a schedule has it.
    #[param(example = "30 2 * * MON-FRI")]
    cron: String,
    /// The time zone, as a schedule has it; `UTC` unless given.
    #[param(example = "Europe/Berlin")]
    time_zone: Option<String>,
    /// How many; more than 1,000 counts as 1,000.
    #[param(schema_with = few_schema, required = false)]
    limit: Option<Parsed<PageLimit>>,
}

/// When a pattern comes.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CronPreview)]
pub(crate) struct PreviewJson {
    /// Soonest first.
    #[schema(value_type = Vec<String>)]
    pub(super) times: Vec<Timestamp>,
}

/// Tell when a cron pattern comes
#[utoipa::path(get, path = "/v1/schedule-preview", operation_id = "preview_schedule", tag = "schedules", params(PreviewQuery),
    responses((status = 200, description = "The next times", body = PreviewJson)))]
pub(crate) async fn preview(
    State(api): State<Shared>,
    Params(query): Params<PreviewQuery>,
) -> Result<Response, Problem> {
    let zone = query.time_zone.as_deref().unwrap_or("UTC");
    let times = api.scheduler.preview(&query.cron, zone, few(query.limit.as_ref())).await?;
    Ok(json(StatusCode::OK, &PreviewJson { times }))
}
