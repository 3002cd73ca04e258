//! `GET /v1/modules/{module_id}`: one module.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::module_json::ModuleJson;
use super::seen;
use crate::api::extract::{ModulePath, Who};
use crate::api::json::json;
use crate::api::problem::Problem;
use crate::api::state::Shared;

/// Show a module
///
/// `module_id` is a name (its highest version), `name@version` or `sha256:<hex>`.
#[utoipa::path(get, path = "/v1/modules/{module_id}", operation_id = "get_module", tag = "modules", params(("module_id" = String, Path)),
    responses((status = 200, description = "The module", body = ModuleJson)))]
pub(crate) async fn get(
    State(api): State<Shared>,
    Who(caller): Who,
    ModulePath(id): ModulePath,
) -> Result<Response, Problem> {
    let module = seen(&api, &caller, id).await?;
    Ok(json(StatusCode::OK, &ModuleJson::new(&module, &api.limits.get())))
}
