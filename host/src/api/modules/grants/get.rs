//! `GET /v1/modules/{module_id}/grants`: what a module may do.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::grants_json::GrantsJson;
use crate::api::extract::{ModulePath, Who};
use crate::api::json::json;
use crate::api::modules::seen;
use crate::api::problem::Problem;
use crate::api::state::Shared;

/// Show what a module may do
#[utoipa::path(get, path = "/v1/modules/{module_id}/grants", operation_id = "get_grants", tag = "modules", params(("module_id" = String, Path)),
    responses((status = 200, description = "What it may do; all of it is empty unless given", body = GrantsJson)))]
pub(crate) async fn get(
    State(api): State<Shared>,
    Who(caller): Who,
    ModulePath(id): ModulePath,
) -> Result<Response, Problem> {
    let module = seen(&api, &caller, id).await?;
    Ok(json(StatusCode::OK, &GrantsJson::from(&module.grants)))
}
