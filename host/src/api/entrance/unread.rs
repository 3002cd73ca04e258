//! What nobody has read of a request's body when its answer is ready.
//!
//! hyper looks once whether the rest has come, and otherwise closes the connection after the answer. A client that sends its
//! body in a packet of its own, be it five bytes, has then begun its next request on a connection that is gone.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Bytes, HttpBody};
use http_body::{Frame, SizeHint};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use tokio::sync::oneshot;
use tokio::time::timeout;

/// The most that is taken in of a body that nobody wants. More costs its client the connection.
const REST_BYTES: u64 = 64 * 1024;
/// How long an answer waits for it.
const REST_TIME: Duration = Duration::from_millis(200);

/// The body of a request.
pub(super) struct RequestBody {
    /// Until its end.
    inner: Option<Incoming>,
    unread: Option<oneshot::Sender<Incoming>>,
}

/// Where the body goes that nobody reads to its end.
pub(super) struct Unread(oneshot::Receiver<Incoming>);

impl RequestBody {
    pub(super) fn new(inner: Incoming) -> (Self, Unread) {
        let (unread, there) = oneshot::channel();
        let inner = Some(inner).filter(|inner| !inner.is_end_stream());
        (Self { inner, unread: Some(unread) }, Unread(there))
    }
}

impl Unread {
    /// Throws away what is left of a small body. Whether the connection is ready for another request then; a client that
    /// `waits` to be asked for its body is not asked.
    pub(super) async fn discard(mut self, waits: bool) -> bool {
        let Ok(mut body) = self.0.try_recv() else { return true };
        if waits || body.size_hint().lower() > REST_BYTES {
            return false;
        }
        let to_the_end = async {
            let mut room = REST_BYTES;
            while let Some(frame) = body.frame().await {
                let length = frame.ok()?.data_ref().map_or(0, Bytes::len) as u64;
                room = room.checked_sub(length)?;
            }
            Some(())
        };
        timeout(REST_TIME, to_the_end).await.is_ok_and(|ended| ended.is_some())
    }
}

impl Drop for RequestBody {
    fn drop(&mut self) {
        if let (Some(inner), Some(unread)) = (self.inner.take(), self.unread.take()) {
            // When the answer is there, nobody asks any more.
            let _ = unread.send(inner);
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
