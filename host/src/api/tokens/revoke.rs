//! `DELETE /v1/tokens/{token_id}`: revokes a token.

use axum::extract::State;
use axum::http::StatusCode;

use crate::api::extract::TokenPath;
use crate::api::problem::Problem;
use crate::api::state::Shared;

/// Revoke a token
///
/// It lets nobody in any more: at once on this node, within 2 seconds on the others. Streams that it opened are cut. It
/// stays in the list.
#[utoipa::path(delete, path = "/v1/tokens/{token_id}", operation_id = "revoke_token", tag = "tokens", params(("token_id" = uuid::Uuid, Path)),
    responses((status = 204, description = "It is revoked")))]
pub(crate) async fn revoke(State(api): State<Shared>, TokenPath(id): TokenPath) -> Result<StatusCode, Problem> {
    let access = api.access()?.clone();
    api.change(async move { access.revoke_token(id).await }).await?;
    Ok(StatusCode::NO_CONTENT)
}
