//! `GET /v1/webhooks/{webhook_id}/deliveries`: what a webhook was told.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::delivery_json::DeliveryJson;
use crate::api::cursor;
use crate::api::extract::{PageLimit, Params, WebhookPath, Who, limit_schema};
use crate::api::json::{Parsed, json};
use crate::api::problem::Problem;
use crate::api::state::Shared;
use crate::domain::DeliveryState;

/// Which deliveries to list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct DeliveriesQuery {
    /// Only those that stand there: `waiting`, `delivered` or `failed`.
    #[param(value_type = Option<StateJson>, inline)]
    state: Option<Parsed<DeliveryState>>,
    /// How many at most; more than 1,000 counts as 1,000.
    #[param(schema_with = limit_schema, required = false)]
    limit: Option<Parsed<PageLimit>>,
    /// The `next_cursor` of an earlier page.
    cursor: Option<String>,
}

/// Where a delivery stands.
#[derive(ToSchema)]
#[schema(as = WebhookDeliveryState, rename_all = "lowercase")]
#[expect(dead_code, reason = "describes `domain::DeliveryState`, which knows nothing of documents")]
pub(crate) enum StateJson {
    Waiting,
    Delivered,
    Failed,
}

/// Deliveries of a webhook, newest event first.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WebhookDeliveryPage)]
pub(crate) struct DeliveriesJson<'p> {
    /// The deliveries.
    deliveries: Vec<DeliveryJson<'p>>,
    /// Gives the next page; null at the end.
    next_cursor: Option<String>,
}

/// List what a webhook was told
///
/// Newest first. What is older than the host keeps (`webhooks.kept_for`, `webhooks.kept`) is left out, but never what waits.
#[utoipa::path(get, path = "/v1/webhooks/{webhook_id}/deliveries", operation_id = "list_deliveries", tag = "webhooks",
    params(("webhook_id" = uuid::Uuid, Path), DeliveriesQuery),
    responses((status = 200, description = "A page of deliveries", body = DeliveriesJson)))]
pub(crate) async fn deliveries(
    State(api): State<Shared>,
    Who(caller): Who,
    WebhookPath(id): WebhookPath,
    Params(query): Params<DeliveriesQuery>,
) -> Result<Response, Problem> {
    let before = query.cursor.as_deref().map(cursor::event).transpose()?;
    let part = (before, PageLimit::or_default(query.limit.as_ref()));
    let state = query.state.map(|Parsed(state)| state);
    let page = api.webhooks()?.deliveries(id, part, state, &caller.reach()).await?;
    let deliveries = page.deliveries.iter().map(DeliveryJson::from).collect();
    Ok(json(StatusCode::OK, &DeliveriesJson { deliveries, next_cursor: page.next.map(cursor::after_event) }))
}
