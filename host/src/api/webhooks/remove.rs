//! `DELETE /v1/webhooks/{webhook_id}`: removes a webhook.

use axum::extract::State;
use axum::http::StatusCode;

use crate::api::extract::{WebhookPath, Who};
use crate::api::problem::Problem;
use crate::api::state::Shared;

/// Remove a webhook
///
/// What waits for it is not sent any more, and its log of deliveries is gone.
#[utoipa::path(delete, path = "/v1/webhooks/{webhook_id}", operation_id = "remove_webhook", tag = "webhooks",
    params(("webhook_id" = uuid::Uuid, Path)), responses((status = 204, description = "It is gone")))]
pub(crate) async fn remove(
    State(api): State<Shared>,
    Who(caller): Who,
    WebhookPath(id): WebhookPath,
) -> Result<StatusCode, Problem> {
    let (webhooks, reach) = (api.webhooks()?.clone(), caller.reach());
    api.change(async move { webhooks.remove(id, &reach).await }).await?;
    Ok(StatusCode::NO_CONTENT)
}
