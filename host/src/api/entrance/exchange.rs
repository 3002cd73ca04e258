//! One request and its answer on a connection: while they are under way, the connection is not one that waits.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use axum::http::StatusCode;
use axum::response::Response;
use http_body::{Frame, SizeHint};

use super::connections::Place;

/// The body of an answer; when it is gone, the connection waits again.
pub(super) struct AnswerBody {
    inner: Body,
    _under_way: Option<UnderWay>,
}

/// An exchange that has begun.
pub(super) struct UnderWay(Arc<Place>);

impl UnderWay {
    pub(super) fn begin(place: &Arc<Place>) -> Self {
        place.works();
        Self(Arc::clone(place))
    }

    /// The answer, with which the exchange ends; one that speaks another protocol from now on never ends.
    pub(super) fn answered(self, answer: Response) -> http::Response<AnswerBody> {
        let switched = answer.status() == StatusCode::SWITCHING_PROTOCOLS;
        let under_way = if switched {
            self.for_good();
            None
        } else {
            Some(self)
        };
        answer.map(|inner| AnswerBody { inner, _under_way: under_way })
    }

    fn for_good(self) {
        let Self(place) = &self;
        let place = Arc::clone(place);
        drop(self);
        place.works();
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.waits();
    }
}

impl HttpBody for AnswerBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.inner).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
