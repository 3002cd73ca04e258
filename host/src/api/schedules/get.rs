//! `GET /v1/schedules/{schedule_id}`: one schedule.

use axum::http::StatusCode;
use axum::response::Response;

use super::schedule_json::{ScheduleJson, show};
use crate::api::extract::SchedulePath;

/// Show a schedule
#[utoipa::path(get, path = "/v1/schedules/{schedule_id}", operation_id = "get_schedule", tag = "schedules",
    params(("schedule_id" = String, Path, description = "Its id or its name")),
    responses((status = 200, description = "The schedule", body = ScheduleJson)))]
pub(crate) async fn get(SchedulePath(schedule): SchedulePath) -> Response {
    show(StatusCode::OK, &schedule)
}
