//! The WebSocket form of a log stream.

use std::net::{SocketAddr, TcpStream};

use serde_json::Value;
use tungstenite::protocol::frame::coding::CloseCode;
use tungstenite::{Error, WebSocket};

use super::views::Message;
use super::wait::PATIENCE;

/// A connection that reads a job's log.
pub(crate) struct LogSocket {
    socket: WebSocket<TcpStream>,
    /// The number of the last message that was read.
    pub(crate) last_seq: u64,
}

/// How the host closed a connection; `None` when it just went away.
pub(crate) type Closed = Option<CloseCode>;

impl LogSocket {
    #[track_caller]
    pub(crate) fn open(address: SocketAddr, path: &str) -> Self {
        let stream = TcpStream::connect(address).expect("the host listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("a time that is not zero");
        let (socket, _) = tungstenite::client(format!("ws://{address}{path}"), stream).expect("the host upgrades");
        Self { socket, last_seq: 0 }
    }

    /// The next frame with all its messages: one, or with `batch=true` some. Or how the connection ended.
    #[track_caller]
    pub(crate) fn frame(&mut self) -> Result<Vec<Message>, Closed> {
        loop {
            let text = match self.socket.read() {
                Ok(tungstenite::Message::Text(text)) => text,
                Ok(tungstenite::Message::Close(frame)) => {
                    // Answers the close, as the protocol wants it.
                    while self.socket.read().is_ok() {}
                    return Err(frame.map(|frame| frame.code));
                }
                Ok(tungstenite::Message::Ping(_) | tungstenite::Message::Pong(_)) => continue,
                Ok(other) => panic!("no frame that this API sends: {other:?}"),
                Err(Error::Io(error)) if matches!(error.kind(), std::io::ErrorKind::WouldBlock) => {
                    panic!("nothing came for {} s", PATIENCE.as_secs())
                }
                Err(_) => return Err(None),
            };
            let value: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error} in {text}"));
            let values = if value.is_array() { value } else { Value::Array(vec![value]) };
            let messages: Vec<Message> =
                serde_json::from_value(values).unwrap_or_else(|error| panic!("{error}: {text}"));
            for message in &messages {
                self.last_seq = match message {
                    Message::Log(line) => line.seq,
                    Message::Gap { to, .. } => *to,
                    Message::End { last_seq, .. } => *last_seq,
                };
            }
            return Ok(messages);
        }
    }

    /// All messages to the end of the connection, and how it ended.
    #[track_caller]
    pub(crate) fn read_to_end(mut self) -> (Vec<Message>, Closed) {
        let mut messages = Vec::new();
        loop {
            match self.frame() {
                Ok(more) => messages.extend(more),
                Err(closed) => return (messages, closed),
            }
        }
    }

    /// Sends a text, which no client has a reason to do. The host may close the connection in the middle of it.
    pub(crate) fn send(&mut self, text: &str) -> Result<(), Error> {
        self.socket.send(text.into())
    }
}
