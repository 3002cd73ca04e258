//! `DELETE /v1/schedules/{schedule_id}`: removes a schedule.

use axum::extract::State;
use axum::http::StatusCode;

use crate::api::extract::SchedulePath;
use crate::api::problem::Problem;
use crate::api::state::Shared;
use crate::domain::ScheduleRef;

/// Remove a schedule
///
/// It goes with what its occurrences came to. The jobs that it has started stay, and run on.
#[utoipa::path(delete, path = "/v1/schedules/{schedule_id}", operation_id = "remove_schedule", tag = "schedules",
    params(("schedule_id" = String, Path, description = "Its id or its name")),
    responses((status = 204, description = "It is gone")))]
pub(crate) async fn remove(
    State(api): State<Shared>,
    SchedulePath(schedule): SchedulePath,
) -> Result<StatusCode, Problem> {
    let (scheduler, which) = (api.scheduler.clone(), ScheduleRef::Id(schedule.id));
    api.change(async move { scheduler.remove_schedule(&which).await }).await?;
    Ok(StatusCode::NO_CONTENT)
}
