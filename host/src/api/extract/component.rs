//! A component as the body of a request: on disk as a whole before anybody looks at it.

use axum::extract::{FromRequest, Request};
use http::HeaderMap;

use super::body::{self, Parts};
use crate::api::problem::Problem;
use crate::api::state::Shared;
use crate::registry::Upload;

/// The uploaded component, no larger than the registry takes.
#[derive(Debug)]
pub(crate) struct Component(pub(crate) Upload);

impl FromRequest<Shared> for Component {
    type Rejection = Problem;

    async fn from_request(request: Request, api: &Shared) -> Result<Self, Problem> {
        let (parts, content) = request.into_parts();
        let mut receiving = match check(&parts.headers).and_then(|()| Ok(api.registry.receive()?)) {
            Ok(receiving) => receiving,
            Err(problem) => {
                body::refuse(&parts.headers, content).await;
                return Err(problem);
            }
        };
        let mut content = Parts::of(&parts.headers, content, api.registry.module_bytes_max()).await?;
        while let Some(part) = content.next().await? {
            if let Err(error) = receiving.take(&part).await {
                content.refuse().await;
                return Err(error.into());
            }
        }
        Ok(Self(receiving.finish().await?))
    }
}

fn check(headers: &HeaderMap) -> Result<(), Problem> {
    body::expect_type(headers, "application/wasm")?;
    body::expect_plain(headers)
}
