//! `GET /v1/tokens`: the tokens there are.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use super::token_json::TokenJson;
use crate::api::json::json;
use crate::api::problem::Problem;
use crate::api::state::Shared;

/// All tokens, oldest first, revoked and expired ones included.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TokenList)]
pub(crate) struct TokenListJson<'t> {
    /// The tokens.
    tokens: Vec<TokenJson<'t>>,
}

/// List tokens
///
/// Revoked and expired ones, too. Their texts are not kept and cannot be shown again.
#[utoipa::path(get, path = "/v1/tokens", operation_id = "list_tokens", tag = "tokens",
    responses((status = 200, description = "All tokens", body = TokenListJson)))]
pub(crate) async fn list(State(api): State<Shared>) -> Result<Response, Problem> {
    let tokens = api.access()?.tokens().await?;
    Ok(json(StatusCode::OK, &TokenListJson { tokens: tokens.iter().map(TokenJson::from).collect() }))
}
