//! Bodies that are counted, and end when the exchange is over.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Instant, Sleep, sleep_until};
use wasmtime_wasi_http::{Error, WasiBody};

use super::end::End;
use super::error;
use super::meter::Meter;

/// What a guest sends.
pub(super) struct Sent {
    pub(super) body: WasiBody,
    pub(super) meter: Arc<Meter>,
}

/// What a guest receives; while it lives, the exchange counts as under way.
pub(super) struct Received {
    incoming: Incoming,
    meter: Arc<Meter>,
    end: End,
    silence: Duration,
    silent_until: Pin<Box<Sleep>>,
    _turn: OwnedSemaphorePermit,
}

impl Received {
    pub(super) fn new(
        incoming: Incoming,
        meter: Arc<Meter>,
        end: End,
        silence: Duration,
        turn: OwnedSemaphorePermit,
    ) -> Self {
        let silent_until = Box::pin(sleep_until(Instant::now() + silence));
        Self { incoming, meter, end, silence, silent_until, _turn: turn }
    }
}

/// Counts a frame; an error when there may not be so much.
fn counted(frame: Frame<Bytes>, meter: &Meter, over: Error) -> Result<Frame<Bytes>, Error> {
    let bytes = frame.data_ref().map_or(0, Bytes::len);
    if meter.take_bytes(bytes) { Ok(frame) } else { Err(over) }
}

impl Body for Sent {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        let polled = Pin::new(&mut self.body).poll_frame(cx);
        let counted = |frame| counted(frame, &self.meter, Error::HttpRequestBodySize(None));
        polled.map(|frame| frame.map(|frame| frame.and_then(counted)))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Body for Received {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        if let Poll::Ready(error) = self.end.poll(cx) {
            return Poll::Ready(Some(Err(error)));
        }
        match Pin::new(&mut self.incoming).poll_frame(cx) {
            Poll::Ready(None) => Poll::Ready(None),
            Poll::Ready(Some(Err(error))) => Poll::Ready(Some(Err(error::exchange(&error)))),
            Poll::Ready(Some(Ok(frame))) => {
                let until = Instant::now() + self.silence;
                self.silent_until.as_mut().reset(until);
                Poll::Ready(Some(counted(frame, &self.meter, Error::HttpResponseBodySize(None))))
            }
            Poll::Pending => {
                std::task::ready!(self.silent_until.as_mut().poll(cx));
                Poll::Ready(Some(Err(Error::ConnectionReadTimeout)))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.incoming.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.incoming.size_hint()
    }
}
