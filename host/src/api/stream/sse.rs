//! A stream as server-sent events.
//!
//! A task reads events and hands them to the connection piece by piece. The channel between them holds one piece, so a
//! client that does not read holds the task back, and the task gives up when a piece takes too long.

use std::convert::Infallible;
use std::io::Write as _;

use axum::body::{Body, Bytes};
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use tokio::sync::mpsc;
use tokio::time::{sleep, timeout};

use super::follower::{Follower, KEEP_ALIVE, PIECE_BYTES};
use crate::scheduler::StreamCut;

/// A comment, which clients ignore.
const STILL_HERE: Bytes = Bytes::from_static(b": still here\n\n");

/// Where the events of a stream come from.
pub(crate) trait Source: Send + 'static {
    /// What comes at once.
    type Event: Send + Sync;

    /// The next; waits for it. `None` after the end. Nothing is lost when the future is dropped.
    fn next(&mut self) -> impl Future<Output = Result<Option<Self::Event>, StreamCut>> + Send;

    /// Its messages, each with the place that a reader has reached that has it, written as JSON without line breaks.
    fn messages(event: &Self::Event) -> impl Iterator<Item = (String, Vec<u8>)> + Send;
}

/// The answer whose body is the stream.
pub(crate) fn answer<S: Source>(follower: Follower<S>) -> Response {
    let (pieces, body) = mpsc::channel(1);
    let api = follower.api.clone();
    api.tracker.spawn(feed(follower, pieces));
    let body = stream::unfold(body, async |mut body| {
        let piece = body.recv().await?;
        Some((Ok::<Bytes, Infallible>(piece), body))
    });
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream")),
        // Proxies would hold events back until their buffer is full.
        (HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no")),
    ];
    (headers, Body::from_stream(body)).into_response()
}

/// Why no more is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    /// The body ends here; a client that misses something comes back.
    Orderly,
    /// The client does not read.
    TooSlow,
}

async fn feed<S: Source>(mut follower: Follower<S>, pieces: mpsc::Sender<Bytes>) {
    let connection = follower.connection.take();
    if serve(follower, &pieces).await == Ending::TooSlow
        && let Some(connection) = connection
    {
        // Ending the body would not end the connection: it waits for the client to read what was sent before.
        connection.cut();
    }
}

/// Sends until the source ends, the client goes away or is too slow, or the host goes down.
async fn serve<S: Source>(mut follower: Follower<S>, pieces: &mpsc::Sender<Bytes>) -> Ending {
    let send_time = follower.api.node.stream_send_time;
    loop {
        let event = tokio::select! {
            event = follower.source.next() => Some(event),
            () = sleep(KEEP_ALIVE) => None,
            () = pieces.closed() => return Ending::Orderly,
            () = follower.api.shutdown.cancelled() => return Ending::Orderly,
            () = &mut follower.left => return Ending::Orderly,
        };
        let sent = match &event {
            None => timeout(send_time, pieces.send(STILL_HERE)).await,
            Some(Ok(Some(event))) => timeout(send_time, send::<S>(event, pieces)).await,
            Some(Ok(None)) => return Ending::Orderly,
            Some(Err(cut)) => {
                tracing::debug!(%cut, "a stream was cut");
                return Ending::Orderly;
            }
        };
        match sent {
            Ok(Ok(())) => {}
            Ok(Err(_)) => return Ending::Orderly,
            Err(_) => return Ending::TooSlow,
        }
    }
}

async fn send<S: Source>(event: &S::Event, pieces: &mpsc::Sender<Bytes>) -> Result<(), mpsc::error::SendError<Bytes>> {
    for piece in encode(S::messages(event)) {
        pieces.send(piece).await?;
    }
    Ok(())
}

/// Messages as the text of many events, in pieces of about [`PIECE_BYTES`].
pub(crate) fn encode(
    mut messages: impl Iterator<Item = (String, Vec<u8>)> + Send,
) -> impl Iterator<Item = Bytes> + Send {
    std::iter::from_fn(move || {
        let mut piece = Vec::new();
        while piece.len() < PIECE_BYTES
            && let Some((place, message)) = messages.next()
        {
            write!(piece, "id: {place}\ndata: ").expect("writing to memory cannot fail");
            piece.extend_from_slice(&message);
            piece.extend_from_slice(b"\n\n");
        }
        (!piece.is_empty()).then(|| piece.into())
    })
}
