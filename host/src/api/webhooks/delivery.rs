//! `GET /v1/webhooks/{webhook_id}/deliveries/{event_id}`: one delivery.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::delivery_json::DeliveryJson;
use crate::api::extract::{DeliveryPath, Who};
use crate::api::json::json;
use crate::api::problem::Problem;
use crate::api::state::Shared;

/// Show what became of one delivery
#[utoipa::path(get, path = "/v1/webhooks/{webhook_id}/deliveries/{event_id}", operation_id = "get_delivery", tag = "webhooks",
    params(("webhook_id" = uuid::Uuid, Path), ("event_id" = uuid::Uuid, Path)),
    responses((status = 200, description = "The delivery", body = DeliveryJson)))]
pub(crate) async fn delivery(
    State(api): State<Shared>,
    Who(caller): Who,
    DeliveryPath(webhook, event): DeliveryPath,
) -> Result<Response, Problem> {
    let delivery = api.webhooks()?.delivery(webhook, event, &caller.reach()).await?;
    Ok(json(StatusCode::OK, &DeliveryJson::from(&delivery)))
}
