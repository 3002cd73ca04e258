//! A component's bytes as the body of a request.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};

use super::body;
use crate::api::problem::Problem;
use crate::api::state::Shared;

/// The uploaded component, no larger than the registry takes.
#[derive(Debug)]
pub(crate) struct Component(pub(crate) Bytes);

impl FromRequest<Shared> for Component {
    type Rejection = Problem;

    async fn from_request(request: Request, api: &Shared) -> Result<Self, Problem> {
        let (parts, content) = request.into_parts();
        if let Err(problem) = body::expect_type(&parts.headers, "application/wasm") {
            body::refuse(&parts.headers, content).await;
            return Err(problem);
        }
        body::read(&parts.headers, content, api.registry.module_bytes_max()).await.map(Self)
    }
}
