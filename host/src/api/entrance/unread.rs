//! What nobody has read of a request's body when its answer is ready.
//!
//! hyper looks once whether the rest has come, and otherwise closes the connection after the answer. A client that sends its
//! body in a packet of its own, be it five bytes, has then begun its next request on a connection that is gone; one that
//! still writes gets a reset instead of the answer. So what is left is thrown away here, whoever answered.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Bytes, HttpBody};
use axum::http::StatusCode;
use http_body::{Frame, SizeHint};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use tokio::sync::oneshot;
use tokio::time::timeout;

/// How long an answer waits for the end of a body that nobody wants; after that its client loses the connection.
const REST_TIME: Duration = Duration::from_millis(200);
/// How long a refusal waits: its client should get to read why.
const REFUSED_TIME: Duration = Duration::from_secs(2);

/// The body of a request.
pub(super) struct RequestBody {
    /// Until its end.
    inner: Option<Incoming>,
    /// Whether somebody has begun to read it: a client that waits to be asked for it is asked then.
    asked: bool,
    unread: Option<oneshot::Sender<Rest>>,
}

/// Where the body goes that nobody reads to its end.
pub(super) struct Unread(oneshot::Receiver<Rest>);

struct Rest {
    body: Incoming,
    asked: bool,
}

impl RequestBody {
    pub(super) fn new(inner: Incoming) -> (Self, Unread) {
        let (unread, there) = oneshot::channel();
        let inner = Some(inner).filter(|inner| !inner.is_end_stream());
        (Self { inner, asked: false, unread: Some(unread) }, Unread(there))
    }
}

impl Unread {
    /// Throws away what is left, before the answer with this status. Whether the connection is ready for another request
    /// then; a client that `waits` to be asked for its body is not asked.
    pub(super) async fn discard(mut self, waits: bool, answer: StatusCode) -> bool {
        let Ok(Rest { mut body, asked }) = self.0.try_recv() else { return true };
        if waits && !asked {
            return false;
        }
        let time = if answer.is_success() { REST_TIME } else { REFUSED_TIME };
        let to_the_end = async {
            while let Some(frame) = body.frame().await {
                if frame.is_err() {
                    return false;
                }
            }
            true
        };
        timeout(time, to_the_end).await.unwrap_or(false)
    }
}

impl Drop for RequestBody {
    fn drop(&mut self) {
        if let (Some(body), Some(unread)) = (self.inner.take(), self.unread.take()) {
            // When the answer is there, nobody asks any more.
            let _ = unread.send(Rest { body, asked: self.asked });
        }
    }
}

impl HttpBody for RequestBody {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        self.asked = true;
        let Some(inner) = &mut self.inner else { return Poll::Ready(None) };
        let polled = Pin::new(inner).poll_frame(context);
        if matches!(polled, Poll::Ready(None | Some(Err(_)))) {
            self.inner = None;
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.inner.as_ref().is_none_or(HttpBody::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.as_ref().map_or_else(|| SizeHint::with_exact(0), HttpBody::size_hint)
    }
}
