//! `GET /v1/modules/{module_id}/report`: what an operator should know of a module.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::report_json::ReportJson;
use super::seen;
use crate::api::extract::{ModulePath, Who};
use crate::api::json::json;
use crate::api::problem::Problem;
use crate::api::state::Shared;

/// Report on a module
///
/// What it imports in plain words, which grants it would need to use all of that, and what is other than in the version
/// before. `POST /v1/modules?dry_run=true` tells the same of a component before it is added.
#[utoipa::path(get, path = "/v1/modules/{module_id}/report", operation_id = "get_module_report", tag = "modules", params(("module_id" = String, Path)),
    responses((status = 200, description = "The report", body = ReportJson)))]
pub(crate) async fn report(
    State(api): State<Shared>,
    Who(caller): Who,
    ModulePath(id): ModulePath,
) -> Result<Response, Problem> {
    let module = seen(&api, &caller, id).await?;
    let report = api.registry.report(&module).await?;
    Ok(json(StatusCode::OK, &ReportJson::new(&module, report)))
}
