//! `GET /v1/modules`: the modules there are.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::module_json::ModuleJson;
use crate::api::cursor;
use crate::api::extract::{PageLimit, Params, Who, limit_schema};
use crate::api::json::{Parsed, json};
use crate::api::problem::Problem;
use crate::api::state::Shared;

/// Which modules to list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListQuery {
    /// How many at most; more than 1,000 counts as 1,000.
    #[param(schema_with = limit_schema, required = false)]
    limit: Option<Parsed<PageLimit>>,
    /// The `next_cursor` of an earlier page.
    cursor: Option<String>,
}

/// Modules by name, the highest version first.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ModulePage)]
pub(crate) struct ModulePageJson<'p> {
    /// The modules.
    modules: Vec<ModuleJson<'p>>,
    /// Gives the next page; null at the end.
    next_cursor: Option<String>,
}

/// List modules by name, the highest version first
#[utoipa::path(get, path = "/v1/modules", operation_id = "list_modules", tag = "modules", params(ListQuery),
    responses((status = 200, description = "A page of modules", body = ModulePageJson)))]
pub(crate) async fn list(
    State(api): State<Shared>,
    Who(caller): Who,
    Params(query): Params<ListQuery>,
) -> Result<Response, Problem> {
    let after = query.cursor.as_deref().map(cursor::module).transpose()?;
    let limit = PageLimit::or_default(query.limit.as_ref());
    let page = api.registry.list(&caller.reach(), after.as_deref(), limit).await?;
    let shown = ModulePageJson {
        modules: page.modules.iter().map(|module| ModuleJson::new(module, &api.limits.get())).collect(),
        next_cursor: page.next.as_deref().map(cursor::after_module),
    };
    Ok(json(StatusCode::OK, &shown))
}
