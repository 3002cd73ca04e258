//! A log stream as server-sent events.
//!
//! A task reads pages and hands them to the connection piece by piece. The channel between them holds one piece, so a
//! client that does not read holds the task back, and the task gives up when a page takes too long.

use std::convert::Infallible;
use std::io::Write as _;

use axum::body::{Body, Bytes};
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use tokio::sync::mpsc;
use tokio::time::{sleep, timeout};

use super::message::MessageJson;
use super::stream::{Follower, KEEP_ALIVE, PIECE_BYTES};
use crate::scheduler::LogEvent;

/// A comment, which clients ignore.
const STILL_HERE: Bytes = Bytes::from_static(b": still here\n\n");

/// The answer whose body is the stream.
pub(crate) fn answer(follower: Follower) -> Response {
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
    /// The body ends here; a client that has not seen `end` comes back.
    Orderly,
    /// The client does not read.
    TooSlow,
}

async fn feed(mut follower: Follower, pieces: mpsc::Sender<Bytes>) {
    let connection = follower.connection.take();
    if serve(follower, &pieces).await == Ending::TooSlow
        && let Some(connection) = connection
    {
        // Ending the body would not end the connection: it waits for the client to read what was sent before.
        connection.cut();
    }
}

/// Sends until the log ends, the client goes away or is too slow, or the host goes down.
async fn serve(mut follower: Follower, pieces: &mpsc::Sender<Bytes>) -> Ending {
    let send_time = follower.api.node.stream_send_time;
    loop {
        let event = tokio::select! {
            event = follower.subscription.next() => Some(event),
            () = sleep(KEEP_ALIVE) => None,
            () = pieces.closed() => return Ending::Orderly,
            () = follower.api.shutdown.cancelled() => return Ending::Orderly,
        };
        let sent = match &event {
            None => timeout(send_time, pieces.send(STILL_HERE)).await,
            Some(Ok(Some(event))) => timeout(send_time, send(event, pieces)).await,
            Some(Ok(None)) => return Ending::Orderly,
            Some(Err(cut)) => {
                tracing::debug!(%cut, "a log stream was cut");
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

async fn send(event: &LogEvent, pieces: &mpsc::Sender<Bytes>) -> Result<(), mpsc::error::SendError<Bytes>> {
    for piece in encode(event) {
        pieces.send(piece).await?;
    }
    Ok(())
}

/// One event as the text of many, in pieces of about [`PIECE_BYTES`].
fn encode(event: &LogEvent) -> impl Iterator<Item = Bytes> + Send {
    let mut messages = MessageJson::each(event);
    std::iter::from_fn(move || {
        let mut piece = Vec::new();
        while piece.len() < PIECE_BYTES
            && let Some(message) = messages.next()
        {
            write!(piece, "id: {}\ndata: ", message.position()).expect("writing to memory cannot fail");
            message.write_to(&mut piece);
            piece.extend_from_slice(b"\n\n");
        }
        (!piece.is_empty()).then(|| piece.into())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{LogLevel, LogLine, LogSource, Status, Timestamp};

    fn line(seq: u64, message: &str) -> LogLine {
        LogLine {
            seq,
            time: Timestamp::from_millis(0),
            attempt: 1,
            level: LogLevel::Info,
            source: LogSource::Guest,
            message: message.to_owned(),
            continued: false,
        }
    }

    #[test]
    fn each_message_is_one_event_with_its_number() {
        let lines = LogEvent::Lines(vec![line(1, "a\nb"), line(2, "c")]);
        let text: Vec<u8> = encode(&lines).flatten().collect();
        let text = String::from_utf8(text).expect("text");
        let events: Vec<_> = text.split_terminator("\n\n").collect();
        assert_eq!(events.len(), 2, "{text}");
        assert!(events[0].starts_with("id: 1\ndata: {\"type\":\"log\",\"seq\":1,"), "{text}");
        assert!(events[0].contains(r"a\nb") && events[0].lines().count() == 2, "{text}");
        assert!(events[1].starts_with("id: 2\ndata: "), "{text}");
        let end = LogEvent::End { status: Status::Failed, last_seq: 2 };
        let text: Vec<u8> = encode(&end).flatten().collect();
        assert_eq!(text, b"id: 2\ndata: {\"type\":\"end\",\"status\":\"failed\",\"last_seq\":2}\n\n");
    }

    #[test]
    fn a_page_goes_out_in_few_pieces_of_bounded_size() {
        let message = "x".repeat(1000);
        let lines = LogEvent::Lines((1..=1000).map(|seq| line(seq, &message)).collect());
        let pieces: Vec<_> = encode(&lines).collect();
        assert!(pieces.len() < 20, "{}", pieces.len());
        assert!(pieces.iter().all(|piece| piece.len() < PIECE_BYTES + 2000));
        assert_eq!(pieces.concat().windows(4).filter(|part| part == b"id: ").count(), 1000);
    }
}
