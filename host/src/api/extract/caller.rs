//! Who asks, as the entrance has found out.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use crate::access::Caller;
use crate::api::problem::{INTERNAL, Problem};

/// The caller.
#[derive(Debug, Clone)]
pub(crate) struct Who(pub(crate) Caller);

impl<S: Send + Sync> FromRequestParts<S> for Who {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts.extensions.get().cloned().map(Self).ok_or_else(|| {
            tracing::error!("a request came to its handler without a caller");
            Problem::of(INTERNAL)
        })
    }
}
