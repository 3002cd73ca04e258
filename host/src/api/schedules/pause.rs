//! `POST /v1/schedules/{schedule_id}/pause`: a schedule starts nothing for now.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::schedule_json::{ScheduleJson, show};
use crate::api::extract::SchedulePath;
use crate::api::problem::Problem;
use crate::api::state::Shared;
use crate::domain::ScheduleRef;
use crate::scheduler::Pause;

/// Pause a schedule
///
/// Nothing is started until it is resumed; jobs that it has started run on.
#[utoipa::path(post, path = "/v1/schedules/{schedule_id}/pause", operation_id = "pause_schedule", tag = "schedules",
    params(("schedule_id" = String, Path, description = "Its id or its name")),
    responses((status = 200, description = "The schedule", body = ScheduleJson)))]
pub(crate) async fn pause(
    State(api): State<Shared>,
    SchedulePath(schedule): SchedulePath,
) -> Result<Response, Problem> {
    let (scheduler, which) = (api.scheduler.clone(), ScheduleRef::Id(schedule.id));
    let schedule = api.change(async move { scheduler.pause_schedule(&which, Pause::Begin).await }).await?;
    Ok(show(StatusCode::OK, &schedule))
}
