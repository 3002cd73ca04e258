//! `DELETE /v1/modules/{module_id}`: removes a module.

use axum::extract::State;
use axum::http::StatusCode;

use crate::api::extract::ModulePath;
use crate::api::problem::Problem;
use crate::api::state::Shared;

/// Remove a module
///
/// Needs a version or a digest; 409 while a pending or running job needs it.
#[utoipa::path(delete, path = "/v1/modules/{module_id}", operation_id = "remove_module", tag = "modules", params(("module_id" = String, Path)),
    responses((status = 204, description = "It is gone")))]
pub(crate) async fn remove(State(api): State<Shared>, ModulePath(id): ModulePath) -> Result<StatusCode, Problem> {
    let registry = api.registry.clone();
    api.change(async move { registry.remove(&id).await }).await?;
    Ok(StatusCode::NO_CONTENT)
}
