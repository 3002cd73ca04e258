//! `GET /v1/webhooks`: the webhooks there are.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use super::webhook_json::WebhookJson;
use crate::api::extract::Who;
use crate::api::json::json;
use crate::api::problem::Problem;
use crate::api::state::Shared;

/// All webhooks that the caller sees, oldest first.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WebhookList)]
pub(crate) struct WebhookListJson<'h> {
    /// The webhooks.
    webhooks: Vec<WebhookJson<'h>>,
}

/// List webhooks
///
/// A token that is for some modules sees those that are told of jobs of these modules alone.
#[utoipa::path(get, path = "/v1/webhooks", operation_id = "list_webhooks", tag = "webhooks",
    responses((status = 200, description = "All webhooks", body = WebhookListJson)))]
pub(crate) async fn list(State(api): State<Shared>, Who(caller): Who) -> Result<Response, Problem> {
    let webhooks = api.webhooks()?.list(&caller.reach()).await?;
    Ok(json(StatusCode::OK, &WebhookListJson { webhooks: webhooks.iter().map(WebhookJson::from).collect() }))
}
