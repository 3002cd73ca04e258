//! `POST /v1/webhooks/{webhook_id}/rotate-secret`: another signing secret.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use utoipa::ToSchema;

use super::webhook_json::WithSecretJson;
use crate::api::extract::{JsonBody, JsonRequest, WebhookPath, Who};
use crate::api::json::{DurationText, Parsed, json};
use crate::api::problem::Problem;
use crate::api::state::Shared;
use crate::domain::limits::KIB;
use crate::webhooks::SigningSecret;

/// Another signing secret.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RotateSecret)]
pub(crate) struct RotateBody {
    /// The new one; the host makes one unless it is given.
    #[schema(value_type = Option<String>)]
    secret: Option<Parsed<SigningSecret>>,
    /// For how long deliveries are also signed with the former one; `webhooks.rotation` of the host unless given, `0s` for
    /// not at all.
    #[schema(value_type = Option<String>, example = "24h")]
    keep_old_for: Option<DurationText>,
}

impl JsonRequest for RotateBody {
    const BODY_BYTES: u64 = 4 * KIB;

    fn when_empty() -> Option<Self> {
        Some(Self::default())
    }
}

/// Give a webhook another signing secret
///
/// For some time deliveries carry two signatures, so that a receiver can change over without losing any.
#[utoipa::path(post, path = "/v1/webhooks/{webhook_id}/rotate-secret", operation_id = "rotate_webhook", tag = "webhooks",
    params(("webhook_id" = uuid::Uuid, Path)), request_body = Option<RotateBody>,
    responses((status = 200, description = "The webhook with its new secret", body = WithSecretJson)))]
pub(crate) async fn rotate(
    State(api): State<Shared>,
    Who(caller): Who,
    WebhookPath(id): WebhookPath,
    JsonBody(body): JsonBody<RotateBody>,
) -> Result<Response, Problem> {
    let (webhooks, reach) = (api.webhooks()?.clone(), caller.reach());
    let secret = body.secret.map(|Parsed(secret)| secret);
    let keep = body.keep_old_for.map(|DurationText(duration)| duration);
    let (webhook, secret) = api.change(async move { webhooks.rotate(id, secret, keep, &reach).await }).await?;
    let shown = WithSecretJson { secret: secret.reveal(), webhook: (&webhook).into() };
    Ok(json(StatusCode::OK, &shown))
}
