//! A log stream over a WebSocket.
//!
//! Frames of a page are gathered and flushed together. What the client sends is read and ignored, but for its close and
//! its answers to our pings.

use std::time::Duration;

use axum::body::Bytes;
use axum::extract::WebSocketUpgrade;
use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket, close_code};
use axum::response::Response;
use futures_util::SinkExt as _;
use tokio::time::{Instant, MissedTickBehavior, interval_at, timeout};

use super::message::MessageJson;
use crate::api::stream::{Follower, KEEP_ALIVE, PIECE_BYTES};
use crate::scheduler::{LogEvent, LogSubscription, StreamCut};

/// Clients have nothing to say but control frames.
const CLIENT_BYTES: usize = 64 * 1024;
/// The most that is written ahead of the client, at least: a gathered piece and a frame of some long lines.
const WRITE_BUFFER_BYTES: usize = 1024 * 1024;
/// A byte of a message takes six in JSON when it is a control character.
const ESCAPED_BYTES: usize = 6;
/// Pings without an answer after which the client counts as gone.
const PINGS_MISSED: u32 = 2;
/// How long the closing handshake may take.
const CLOSE_TIME: Duration = Duration::from_secs(5);

/// What one text frame holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Framing {
    /// One message.
    Single,
    /// An array of messages.
    Arrays,
}

/// Why a stream ends, as its close frame says.
type Ending = (u16, &'static str);

const ENDED: Ending = (close_code::NORMAL, "the log has ended");
const SHUTDOWN: Ending = (close_code::RESTART, "the host is shutting down; reconnect after the last number seen");
const TOO_SLOW: Ending = (close_code::AGAIN, "lines were taken too slowly; reconnect after the last number seen");
const NOT_ANY_MORE: Ending = (close_code::POLICY, "the token does not hold any more, or one is needed now");
const UNSUBSCRIBED: Ending = (close_code::AWAY, "the subscription was ended");
const NO_DATABASE: Ending = (close_code::AGAIN, "the log cannot be read now; reconnect after the last number seen");

/// The answer to the handshake; the stream then runs as a task of its own.
pub(crate) fn answer(upgrade: WebSocketUpgrade, follower: Follower<LogSubscription>, framing: Framing) -> Response {
    // The task is axum's; the token lets the host wait for it as for its own.
    let token = follower.api.tracker.token();
    let line_bytes =
        usize::try_from(follower.api.limits.get().log_line_bytes).unwrap_or(usize::MAX / (2 * ESCAPED_BYTES));
    upgrade
        .max_message_size(CLIENT_BYTES)
        .max_frame_size(CLIENT_BYTES)
        .read_buffer_size(4 * 1024)
        .write_buffer_size(PIECE_BYTES)
        .max_write_buffer_size(WRITE_BUFFER_BYTES + ESCAPED_BYTES * line_bytes)
        .on_upgrade(async move |mut socket| {
            if let Some(ending) = serve(&mut socket, follower, framing).await {
                close(&mut socket, ending).await;
            }
            drop(token);
        })
}

/// Sends until the log ends or the stream is cut; `None` when the client is gone.
async fn serve(socket: &mut WebSocket, mut follower: Follower<LogSubscription>, framing: Framing) -> Option<Ending> {
    let send_time = follower.api.node.stream_send_time;
    let mut pings = interval_at(Instant::now() + KEEP_ALIVE, KEEP_ALIVE);
    pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut unanswered = 0;
    loop {
        let event = tokio::select! {
            event = follower.source.next() => event,
            received = socket.recv() => {
                match received {
                    Some(Ok(Message::Pong(_))) => unanswered = 0,
                    Some(Ok(Message::Text(_) | Message::Binary(_) | Message::Ping(_))) => {}
                    Some(Ok(Message::Close(_)) | Err(_)) | None => return None,
                }
                continue;
            }
            _ = pings.tick() => {
                if unanswered == PINGS_MISSED {
                    return None;
                }
                unanswered += 1;
                timeout(send_time, socket.send(Message::Ping(Bytes::new()))).await.ok()?.ok()?;
                continue;
            }
            () = follower.api.shutdown.cancelled() => return Some(SHUTDOWN),
            () = &mut follower.left => return Some(NOT_ANY_MORE),
        };
        let event = match event {
            Ok(Some(event)) => event,
            Ok(None) => return Some(ENDED),
            Err(cut) => return Some(ending(&cut)),
        };
        match timeout(send_time, send(socket, &event, framing)).await {
            Ok(sent) => sent.ok()?,
            Err(_) => return Some(TOO_SLOW),
        }
    }
}

fn ending(cut: &StreamCut) -> Ending {
    match cut {
        StreamCut::Shutdown => SHUTDOWN,
        StreamCut::Unsubscribed => UNSUBSCRIBED,
        StreamCut::Store(error) => {
            tracing::warn!(%error, "a log stream was cut");
            NO_DATABASE
        }
    }
}

async fn send(socket: &mut WebSocket, event: &LogEvent, framing: Framing) -> Result<(), axum::Error> {
    for frame in frames(event, framing) {
        socket.feed(Message::Text(frame)).await?;
    }
    socket.flush().await
}

/// Says why and waits for the client's close: leaving at once could throw away what it has not read yet.
async fn close(socket: &mut WebSocket, (code, reason): Ending) {
    let frame = CloseFrame { code, reason: Utf8Bytes::from_static(reason) };
    let handshake = async {
        if socket.send(Message::Close(Some(frame))).await.is_ok() {
            while let Some(Ok(_)) = socket.recv().await {}
        }
    };
    // A client that does not answer is left; nothing depends on it.
    let _ = timeout(CLOSE_TIME, handshake).await;
}

/// One event as text frames. Arrays hold about [`PIECE_BYTES`] each.
fn frames(event: &LogEvent, framing: Framing) -> impl Iterator<Item = Utf8Bytes> + Send {
    let mut messages = MessageJson::each(event);
    std::iter::from_fn(move || {
        let first = messages.next()?;
        let mut frame = Vec::with_capacity(256);
        match framing {
            Framing::Single => first.write_to(&mut frame),
            Framing::Arrays => {
                frame.push(b'[');
                first.write_to(&mut frame);
                while frame.len() < PIECE_BYTES
                    && let Some(message) = messages.next()
                {
                    frame.push(b',');
                    message.write_to(&mut frame);
                }
                frame.push(b']');
            }
        }
        Some(Utf8Bytes::try_from(frame).expect("JSON is UTF-8"))
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::domain::{LogLevel, LogLine, LogSource, Status, Timestamp};

    fn lines(count: u64, message: &str) -> LogEvent {
        let line = |seq| LogLine {
            seq,
            time: Timestamp::from_millis(0),
            attempt: 1,
            level: LogLevel::Info,
            source: LogSource::Guest,
            message: message.to_owned(),
            continued: false,
        };
        LogEvent::Lines((1..=count).map(line).collect())
    }

    fn read(event: &LogEvent, framing: Framing) -> Vec<Value> {
        frames(event, framing).map(|frame| serde_json::from_str(&frame).expect("JSON")).collect()
    }

    #[test]
    fn a_frame_holds_one_message_or_an_array_of_them() {
        let single = read(&lines(3, "x"), Framing::Single);
        assert_eq!(single.iter().map(|message| &message["seq"]).collect::<Vec<_>>(), [1, 2, 3]);
        assert_eq!(read(&lines(3, "x"), Framing::Arrays), [json!(single)]);
        let end = LogEvent::End { status: Status::Stopped, last_seq: 3 };
        let shown = json!({"type": "end", "status": "stopped", "last_seq": 3});
        assert_eq!(read(&end, Framing::Single), std::slice::from_ref(&shown));
        assert_eq!(read(&end, Framing::Arrays), [json!([shown])]);
    }

    #[test]
    fn arrays_stay_small_and_lose_nothing() {
        let page = lines(1000, &"\u{1}".repeat(1000));
        let sizes: Vec<_> = frames(&page, Framing::Arrays).map(|frame| frame.len()).collect();
        assert!(sizes.iter().all(|size| *size < WRITE_BUFFER_BYTES / 2), "{sizes:?}");
        let seqs: Vec<_> = read(&page, Framing::Arrays)
            .iter()
            .flat_map(|array| array.as_array().expect("an array").clone())
            .map(|message| message["seq"].as_u64().expect("a number"))
            .collect();
        assert_eq!(seqs, (1..=1000).collect::<Vec<_>>());
    }
}
