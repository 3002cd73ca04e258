//! `GET /v1/secrets`: the secrets there are.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use super::secret_json::SecretJson;
use crate::api::json::json;
use crate::api::problem::Problem;
use crate::api::state::Shared;

/// All secrets.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Secrets)]
pub(crate) struct SecretsJson {
    /// By name.
    secrets: Vec<SecretJson>,
}

/// List secrets, without their values
#[utoipa::path(get, path = "/v1/secrets", operation_id = "list_secrets", tag = "secrets",
    responses((status = 200, description = "All secrets", body = SecretsJson)))]
pub(crate) async fn list(State(api): State<Shared>) -> Result<Response, Problem> {
    let secrets = api.vault.list().await?.into_iter().map(Into::into).collect();
    Ok(json(StatusCode::OK, &SecretsJson { secrets }))
}
