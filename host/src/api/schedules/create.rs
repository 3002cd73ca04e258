//! `POST /v1/schedules`: makes a schedule.

use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;

use super::put_json::PutSchedule;
use super::schedule_json::{ScheduleJson, show};
use crate::api::extract::{JsonBody, Who};
use crate::api::problem::Problem;
use crate::api::state::Shared;

/// Make a schedule
///
/// From its next occurrence on it starts a job at each, once however many nodes there are. Its job is checked now as if it
/// were to start. It goes on when the token that made it is revoked.
#[utoipa::path(post, path = "/v1/schedules", operation_id = "create_schedule", tag = "schedules", request_body = PutSchedule,
    responses((status = 201, description = "The schedule", body = ScheduleJson, headers(("Location" = String)))))]
pub(crate) async fn create(
    State(api): State<Shared>,
    Who(caller): Who,
    JsonBody(body): JsonBody<PutSchedule>,
) -> Result<Response, Problem> {
    let (plan, by) = (body.plan(&api, &caller).await?, caller.name());
    let scheduler = api.scheduler.clone();
    let schedule = api.change(async move { scheduler.create_schedule(plan, by).await }).await?;
    let mut response = show(StatusCode::CREATED, &schedule);
    let location = HeaderValue::try_from(format!("/v1/schedules/{}", schedule.id)).expect("a UUID is visible ASCII");
    response.headers_mut().insert(header::LOCATION, location);
    Ok(response)
}
