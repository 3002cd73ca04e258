//! `POST /v1/webhooks/{webhook_id}/resend`: sends once more what failed.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::extract::{JsonBody, JsonRequest, WebhookPath, Who};
use crate::api::json::{Parsed, json};
use crate::api::problem::Problem;
use crate::api::state::Shared;
use crate::domain::Timestamp;
use crate::domain::limits::KIB;

/// Which deliveries to send once more.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ResendFailed)]
pub(crate) struct ResendBody {
    /// Those that failed, of what happened from then on.
    #[schema(value_type = String, format = DateTime, example = "2026-01-31T12:00:00Z")]
    failed_since: Parsed<Timestamp>,
}

impl JsonRequest for ResendBody {
    const BODY_BYTES: u64 = 4 * KIB;
}

/// How many deliveries are sent once more.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ResentDeliveries)]
pub(crate) struct ResentJson {
    deliveries: u64,
}

/// Send once more what failed
///
/// Every delivery that is `failed`, of what happened since then. The receiver gets the same events under the same ids.
#[utoipa::path(post, path = "/v1/webhooks/{webhook_id}/resend", operation_id = "resend_deliveries", tag = "webhooks",
    params(("webhook_id" = uuid::Uuid, Path)), request_body = ResendBody,
    responses((status = 202, description = "So many are due now", body = ResentJson)))]
pub(crate) async fn resend_failed(
    State(api): State<Shared>,
    Who(caller): Who,
    WebhookPath(id): WebhookPath,
    JsonBody(ResendBody { failed_since: Parsed(since) }): JsonBody<ResendBody>,
) -> Result<Response, Problem> {
    let (webhooks, reach) = (api.webhooks()?.clone(), caller.reach());
    let deliveries = api.change(async move { webhooks.resend_failed(id, since, &reach).await }).await?;
    Ok(json(StatusCode::ACCEPTED, &ResentJson { deliveries }))
}
