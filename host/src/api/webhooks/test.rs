//! `POST /v1/webhooks/{webhook_id}/test`: sends an event that says nothing.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::delivery_json::DeliveryJson;
use crate::api::extract::{WebhookPath, Who};
use crate::api::json::json;
use crate::api::problem::Problem;
use crate::api::state::Shared;

/// Try a webhook
///
/// Sends an event of the type `ping`, once: it is not tried again. The delivery tells what came of it.
#[utoipa::path(post, path = "/v1/webhooks/{webhook_id}/test", operation_id = "test_webhook", tag = "webhooks",
    params(("webhook_id" = uuid::Uuid, Path)),
    responses((status = 202, description = "The delivery, which is under way", body = DeliveryJson)))]
pub(crate) async fn test(
    State(api): State<Shared>,
    Who(caller): Who,
    WebhookPath(id): WebhookPath,
) -> Result<Response, Problem> {
    let (webhooks, reach) = (api.webhooks()?.clone(), caller.reach());
    let delivery = api.change(async move { webhooks.test(id, &reach).await }).await?;
    Ok(json(StatusCode::ACCEPTED, &DeliveryJson::from(&delivery)))
}
