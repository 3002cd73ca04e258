//! A client that follows something.

use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use axum::http::HeaderMap;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use futures_util::future::BoxFuture;

use super::seats::Seat;
use crate::access::Caller;
use crate::api::entrance::Connection;
use crate::api::extract::{Peer, Who};
use crate::api::problem::{INVALID_HEADER, Problem};
use crate::api::state::ApiState;

/// How long a quiet stream waits before it shows that it is alive.
pub(crate) const KEEP_ALIVE: Duration = Duration::from_secs(20);
/// What is sent goes out in pieces of about this size.
pub(crate) const PIECE_BYTES: usize = 64 * 1024;

/// A stream about to be served, and where its events come from.
pub(crate) struct Follower<S> {
    pub(crate) api: Arc<ApiState>,
    pub(crate) source: S,
    /// What carries the stream, unless the router is embedded in another server.
    pub(crate) connection: Option<Connection>,
    /// Done when the reader may not read on: its token was revoked or has expired.
    pub(crate) left: BoxFuture<'static, ()>,
    /// Given back when the stream ends.
    _seat: Seat,
}

/// Who reads a stream, and over what.
pub(crate) struct Reader {
    pub(crate) caller: Caller,
    peer: Peer,
    connection: Option<Connection>,
}

impl<S: Send + Sync> FromRequestParts<S> for Reader {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Who(caller) = Who::from_request_parts(parts, state).await?;
        let Ok(peer) = Peer::from_request_parts(parts, state).await;
        Ok(Self { caller, peer, connection: parts.extensions.get().cloned() })
    }
}

impl<S> Follower<S> {
    /// Gives the reader a seat, if it has one left, and then opens the source.
    pub(crate) async fn seated(
        api: Arc<ApiState>,
        Reader { caller, peer: Peer(client), connection }: Reader,
        open: impl AsyncFnOnce(&ApiState) -> Result<S, Problem>,
    ) -> Result<Self, Problem> {
        let seat = api.streams.take(client)?;
        let source = open(&api).await?;
        let access = api.access.clone();
        let left = Box::pin(async move {
            match access {
                Some(access) => access.left(&caller).await,
                None => std::future::pending().await,
            }
        });
        Ok(Self { api, source, connection, left, _seat: seat })
    }
}

/// The place that a client has reached, from `Last-Event-ID`.
pub(crate) fn last_event_id<T: FromStr<Err: std::fmt::Display>>(headers: &HeaderMap) -> Result<Option<T>, Problem> {
    let Some(value) = headers.get("last-event-id") else { return Ok(None) };
    match value.to_str().unwrap_or_default().parse() {
        Ok(seen) => Ok(Some(seen)),
        Err(wrong) => Err(Problem::new(INVALID_HEADER, format!("the header `Last-Event-ID` {wrong}"))),
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;
    use crate::api::extract::Position;

    #[test]
    fn the_last_event_id_is_a_place_that_we_gave() {
        let mut headers = HeaderMap::new();
        assert_eq!(last_event_id::<Position>(&headers), Ok(None));
        headers.insert("last-event-id", HeaderValue::from_static("41"));
        assert_eq!(last_event_id(&headers), Ok(Some(Position(41))));
        headers.insert("last-event-id", HeaderValue::from_static("x"));
        let problem = last_event_id::<Position>(&headers).expect_err("no number");
        assert_eq!(problem.kind, INVALID_HEADER);
        assert!(problem.detail.contains("from 0 to"), "{}", problem.detail);
    }
}
