//! `PUT /v1/schedules/{schedule_id}`: what a schedule is from now on.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::put_json::PutSchedule;
use super::schedule_json::{ScheduleJson, show};
use crate::api::extract::{JsonBody, SchedulePath, Who};
use crate::api::problem::Problem;
use crate::api::state::Shared;
use crate::domain::ScheduleRef;

/// Replace a schedule
///
/// What is not given is as for a new one. While pattern and time zone stay, the next occurrence does, too.
#[utoipa::path(put, path = "/v1/schedules/{schedule_id}", operation_id = "replace_schedule", tag = "schedules",
    params(("schedule_id" = String, Path, description = "Its id or its name")), request_body = PutSchedule,
    responses((status = 200, description = "The schedule", body = ScheduleJson)))]
pub(crate) async fn replace(
    State(api): State<Shared>,
    Who(caller): Who,
    SchedulePath(schedule): SchedulePath,
    JsonBody(body): JsonBody<PutSchedule>,
) -> Result<Response, Problem> {
    let (plan, by) = (body.plan(&api, &caller).await?, caller.name());
    let scheduler = api.scheduler.clone();
    let which = ScheduleRef::Id(schedule.id);
    let schedule = api.change(async move { scheduler.replace_schedule(&which, plan, by).await }).await?;
    Ok(show(StatusCode::OK, &schedule))
}
