//! Grants as a request brings them.

use axum::extract::{FromRequest, Request};

use crate::api::extract::{JsonBody, JsonRequest};
use crate::api::problem::{INVALID_FIELD, INVALID_GRANTS, Problem};
use crate::domain::Grants;

impl JsonRequest for Grants {
    const BODY_BYTES: u64 = 1 << 20;
}

/// The body of a request that grants something. What is wrong with it is a fault of the grants, not of the JSON.
#[derive(Debug)]
pub(crate) struct GrantsBody(pub(crate) Grants);

impl<S: Send + Sync> FromRequest<S> for GrantsBody {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        match JsonBody::from_request(request, state).await {
            Ok(JsonBody(grants)) => Ok(Self(grants)),
            Err(problem) if problem.kind == INVALID_FIELD => Err(Problem { kind: INVALID_GRANTS, ..problem }),
            Err(problem) => Err(problem),
        }
    }
}
