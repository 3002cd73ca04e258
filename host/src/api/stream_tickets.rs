//! `POST /v1/stream-tickets`: lets a browser open one stream.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use super::extract::Who;
use super::json::json;
use super::problem::Problem;
use super::state::Shared;
use crate::domain::Timestamp;

/// A ticket.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StreamTicket)]
pub(crate) struct TicketJson<'t> {
    /// What goes into the stream's URL as `?ticket=…`.
    ticket: &'t str,
    /// Until when it has to be used.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

/// Make a ticket for a stream
///
/// It opens one stream, once, within 30 s, with what the token that made it allows: `/v1/events?ticket=…` or
/// `/v1/jobs/{job_id}/logs/stream?ticket=…`. For browsers, which cannot send `Authorization` with a WebSocket or an event
/// source.
#[utoipa::path(post, path = "/v1/stream-tickets", operation_id = "create_stream_ticket", tag = "tokens",
    responses((status = 201, description = "The ticket", body = TicketJson)))]
pub(crate) async fn create(State(api): State<Shared>, Who(caller): Who) -> Result<Response, Problem> {
    let access = api.access()?.clone();
    let created = api.change(async move { access.create_ticket(&caller).await }).await?;
    let shown = TicketJson { ticket: created.text.reveal(), expires_at: created.expires_at };
    Ok(json(StatusCode::CREATED, &shown))
}
