//! `POST /v1/webhooks`: makes a webhook and shows its signing secret, this once.

use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use serde::Deserialize;
use utoipa::ToSchema;

use super::definition::DefinitionBody;
use super::webhook_json::WithSecretJson;
use crate::api::extract::{JsonBody, JsonRequest, Who};
use crate::api::json::{Parsed, json};
use crate::api::problem::Problem;
use crate::api::state::Shared;
use crate::domain::limits::KIB;
use crate::webhooks::{SigningSecret, WebhookDefinition};

/// A webhook to make.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CreateWebhook)]
pub(crate) struct CreateBody {
    /// What it is to be.
    webhook: DefinitionBody,
    /// What its deliveries are signed with, as Standard Webhooks has it: `whsec_` and 24 to 64 bytes in Base64. The host
    /// makes one unless it is given.
    #[schema(value_type = Option<String>)]
    secret: Option<Parsed<SigningSecret>>,
}

impl JsonRequest for CreateBody {
    const BODY_BYTES: u64 = 64 * KIB;
}

/// Make a webhook
///
/// It is told of each job that ends from now on and that fits. Its signing secret is in the answer and nowhere else.
#[utoipa::path(post, path = "/v1/webhooks", operation_id = "create_webhook", tag = "webhooks", request_body = CreateBody,
    responses((status = 201, description = "The webhook with its secret", body = WithSecretJson, headers(("Location" = String)))))]
pub(crate) async fn create(
    State(api): State<Shared>,
    Who(caller): Who,
    JsonBody(CreateBody { webhook, secret }): JsonBody<CreateBody>,
) -> Result<Response, Problem> {
    let (webhooks, definition) = (api.webhooks()?.clone(), WebhookDefinition::try_from(webhook)?);
    let (secret, reach) = (secret.map(|Parsed(secret)| secret), caller.reach());
    let (webhook, secret) = api.change(async move { webhooks.create(definition, secret, &reach).await }).await?;
    let shown = WithSecretJson { secret: secret.reveal(), webhook: (&webhook).into() };
    let mut response = json(StatusCode::CREATED, &shown);
    let location = HeaderValue::try_from(format!("/v1/webhooks/{}", webhook.id)).expect("a UUID is visible ASCII");
    response.headers_mut().insert(header::LOCATION, location);
    Ok(response)
}
