//! `POST /v1/webhooks/{webhook_id}/deliveries/{event_id}/resend`: sends one delivery once more.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::delivery_json::DeliveryJson;
use crate::api::extract::{DeliveryPath, Who};
use crate::api::json::json;
use crate::api::problem::Problem;
use crate::api::state::Shared;

/// Send a delivery once more
///
/// Whatever became of it. The receiver gets the same event under the same id; if that fails, it is tried again as at first.
#[utoipa::path(post, path = "/v1/webhooks/{webhook_id}/deliveries/{event_id}/resend", operation_id = "resend_delivery",
    tag = "webhooks", params(("webhook_id" = uuid::Uuid, Path), ("event_id" = uuid::Uuid, Path)),
    responses((status = 202, description = "The delivery, which is due now", body = DeliveryJson)))]
pub(crate) async fn resend(
    State(api): State<Shared>,
    Who(caller): Who,
    DeliveryPath(webhook, event): DeliveryPath,
) -> Result<Response, Problem> {
    let (webhooks, reach) = (api.webhooks()?.clone(), caller.reach());
    let delivery = api.change(async move { webhooks.resend(webhook, event, &reach).await }).await?;
    Ok(json(StatusCode::ACCEPTED, &DeliveryJson::from(&delivery)))
}
