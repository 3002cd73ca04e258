//! `DELETE /v1/secrets/{secret_name}`: removes a secret.

use axum::extract::State;
use axum::http::StatusCode;

use crate::api::extract::SecretPath;
use crate::api::problem::Problem;
use crate::api::state::Shared;

/// Remove a secret
///
/// Jobs of modules that were granted it fail from then on.
#[utoipa::path(delete, path = "/v1/secrets/{secret_name}", operation_id = "remove_secret", tag = "secrets",
    params(("secret_name" = String, Path)),
    responses((status = 204, description = "It is gone")))]
pub(crate) async fn remove(State(api): State<Shared>, SecretPath(name): SecretPath) -> Result<StatusCode, Problem> {
    let vault = api.vault.clone();
    api.change(async move { vault.remove(name).await }).await?;
    Ok(StatusCode::NO_CONTENT)
}
