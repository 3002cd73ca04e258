//! `GET /v1/webhooks/{webhook_id}`: one webhook.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::webhook_json::WebhookJson;
use crate::api::extract::{WebhookPath, Who};
use crate::api::json::json;
use crate::api::problem::Problem;
use crate::api::state::Shared;

/// Show a webhook
#[utoipa::path(get, path = "/v1/webhooks/{webhook_id}", operation_id = "get_webhook", tag = "webhooks",
    params(("webhook_id" = uuid::Uuid, Path)), responses((status = 200, description = "The webhook", body = WebhookJson)))]
pub(crate) async fn get(
    State(api): State<Shared>,
    Who(caller): Who,
    WebhookPath(id): WebhookPath,
) -> Result<Response, Problem> {
    let webhook = api.webhooks()?.find(id, &caller.reach()).await?;
    Ok(json(StatusCode::OK, &WebhookJson::from(&webhook)))
}
