//! `GET /v1/jobs/{job_id}/logs/stream`: the stored lines, then the live ones, on one sequence.
//!
//! Decides where the stream starts and in which form it goes. A stream holds one page at a time and reads the next when
//! its client has taken that one.

use axum::extract::{FromRequestParts, State, WebSocketUpgrade};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::IntoParams;

use super::message::MessageJson;
use super::websocket;
use crate::api::extract::{JobPath, Params, Position};
use crate::api::json::Parsed;
use crate::api::problem::{BAD_UPGRADE, Problem};
use crate::api::state::{ApiState, Shared};
use crate::api::stream::{Follower, Reader, last_event_id, sse};
use crate::domain::JobId;
use crate::scheduler::JobNotFound;

/// Where to start and in which form.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct StreamQuery {
    /// A ticket of `POST /v1/stream-tickets`, instead of `Authorization`. The entrance has looked at it.
    #[expect(dead_code, reason = "documents the parameter")]
    ticket: Option<String>,
    /// The last number that the reader has; the stream starts after it. The header `Last-Event-ID` goes before it.
    #[param(value_type = Option<u64>, default = 0)]
    after: Option<Parsed<Position>>,
    /// Whether each WebSocket frame holds an array of messages instead of one.
    #[serde(default)]
    #[param(default = false)]
    batch: bool,
}

/// What a stream's client says beyond path and query.
pub(crate) struct Client {
    reader: Reader,
    /// The last number that it has, from `Last-Event-ID`.
    seen: Option<u64>,
    /// A WebSocket handshake, when the request is one.
    upgrade: Option<WebSocketUpgrade>,
}

/// Follow a job's log
///
/// A WebSocket on upgrade, else server-sent events. Each frame and each event holds one message; after `end` the server
/// closes. A stream that is cut without it is to be opened again after the last number seen.
#[utoipa::path(get, path = "/v1/jobs/{job_id}/logs/stream", operation_id = "stream_logs", tag = "jobs",
    params(("job_id" = uuid::Uuid, Path), StreamQuery, ("Last-Event-ID" = Option<u64>, Header)),
    responses(
        (status = 200, description = "Server-sent events", body = MessageJson, content_type = "text/event-stream"),
        (status = 101, description = "A WebSocket whose text frames hold the same messages"),
        (status = 204, description = "The job has ended and `Last-Event-ID` is its last line: nothing to reconnect for"),
    ))]
pub(crate) async fn stream(
    State(api): State<Shared>,
    JobPath(id): JobPath,
    Params(query): Params<StreamQuery>,
    Client { reader, seen, upgrade }: Client,
) -> Result<Response, Problem> {
    if upgrade.is_none()
        && let Some(seen) = seen
        && has_ended_at(&api, id, seen).await?
    {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let after = seen.or(query.after.map(|Parsed(Position(after))| after)).unwrap_or(0);
    let subscribe = async |api: &ApiState| Ok(api.scheduler.subscribe_logs(id, after).await?);
    let follower = Follower::seated(api, reader, subscribe).await?;
    Ok(match upgrade {
        Some(upgrade) if query.batch => websocket::answer(upgrade, follower, websocket::Framing::Arrays),
        Some(upgrade) => websocket::answer(upgrade, follower, websocket::Framing::Single),
        None => sse::answer(follower),
    })
}

/// Whether the job has ended and a reader that has line `seen` has them all.
async fn has_ended_at(api: &ApiState, id: JobId, seen: u64) -> Result<bool, Problem> {
    let job = api.scheduler.job(id).await?.ok_or(JobNotFound(id))?;
    Ok(job.state.status().is_ended() && seen >= job.last_log_seq)
}

impl<S: Send + Sync> FromRequestParts<S> for Client {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let seen = last_event_id(&parts.headers)?.map(|Position(seen)| seen);
        let reader = Reader::from_request_parts(parts, state).await?;
        let asks = |to: &HeaderValue| to.as_bytes().eq_ignore_ascii_case(b"websocket");
        if !parts.headers.get(header::UPGRADE).is_some_and(asks) {
            return Ok(Self { reader, seen, upgrade: None });
        }
        match WebSocketUpgrade::from_request_parts(parts, state).await {
            Ok(upgrade) => Ok(Self { reader, seen, upgrade: Some(upgrade) }),
            Err(rejection) => Err(Problem::new(BAD_UPGRADE, rejection.body_text())),
        }
    }
}
