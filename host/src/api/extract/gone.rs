//! Whether the client still waits: changes run to their end without it, but what has changed nothing yet may end.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use tokio_util::sync::CancellationToken;

use crate::api::problem::{CLIENT_GONE, INTERNAL, Problem};

/// Cancelled when the client has gone away.
#[derive(Debug, Clone)]
pub(crate) struct Gone(pub(crate) CancellationToken);

impl Gone {
    /// Does what changes nothing, as long as somebody waits for it; dropped in the middle otherwise.
    pub(crate) async fn or<T, E: Into<Problem>>(&self, work: impl Future<Output = Result<T, E>>) -> Result<T, Problem> {
        tokio::select! {
            done = work => done.map_err(Into::into),
            () = self.0.cancelled() => Err(Problem::of(CLIENT_GONE)),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Gone {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts.extensions.get().cloned().ok_or_else(|| {
            tracing::error!("a change came to its handler without a sign of its client");
            Problem::of(INTERNAL)
        })
    }
}
