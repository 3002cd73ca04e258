//! `PUT /v1/webhooks/{webhook_id}`: defines a webhook anew.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::definition::DefinitionBody;
use super::webhook_json::WebhookJson;
use crate::api::extract::{JsonBody, WebhookPath, Who};
use crate::api::json::json;
use crate::api::problem::Problem;
use crate::api::state::Shared;
use crate::webhooks::WebhookDefinition;

/// Define a webhook anew
///
/// What is left out is as for a new one. Its signing secret stays, and so does what waits for it, which goes to the new
/// address. One that the host has switched off is told again, from then on.
#[utoipa::path(put, path = "/v1/webhooks/{webhook_id}", operation_id = "change_webhook", tag = "webhooks",
    params(("webhook_id" = uuid::Uuid, Path)), request_body = DefinitionBody,
    responses((status = 200, description = "The webhook", body = WebhookJson)))]
pub(crate) async fn change(
    State(api): State<Shared>,
    Who(caller): Who,
    WebhookPath(id): WebhookPath,
    JsonBody(body): JsonBody<DefinitionBody>,
) -> Result<Response, Problem> {
    let (webhooks, definition) = (api.webhooks()?.clone(), WebhookDefinition::try_from(body)?);
    let reach = caller.reach();
    let webhook = api.change(async move { webhooks.change(id, definition, &reach).await }).await?;
    Ok(json(StatusCode::OK, &WebhookJson::from(&webhook)))
}
