//! `PUT /v1/modules/{module_id}/grants`: says what a module may do.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::body::GrantsBody;
use super::grants_json::GrantsJson;
use crate::api::extract::ModulePath;
use crate::api::json::json;
use crate::api::problem::Problem;
use crate::api::state::Shared;

/// Say what a module may do
///
/// The body replaces what the module had; what it leaves out is empty. It belongs to the module's bytes: other bytes begin
/// with nothing. It holds for attempts that begin from now on, and has to lie within the operator's ceiling.
#[utoipa::path(put, path = "/v1/modules/{module_id}/grants", operation_id = "put_grants", tag = "modules", params(("module_id" = String, Path)),
    request_body = GrantsJson,
    responses((status = 200, description = "What it may do from now on", body = GrantsJson)))]
pub(crate) async fn put(
    State(api): State<Shared>,
    ModulePath(id): ModulePath,
    GrantsBody(grants): GrantsBody,
) -> Result<Response, Problem> {
    let registry = api.registry.clone();
    let module = api.change(async move { registry.set_grants(&id, grants).await }).await?;
    Ok(json(StatusCode::OK, &GrantsJson::from(&module.grants)))
}
