//! `GET /v1/modules/{module_id}/component`: the bytes back.

use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use utoipa::ToSchema;

use crate::api::extract::{ModulePath, Who};
use crate::api::modules::sees;
use crate::api::problem::Problem;
use crate::api::state::Shared;
use crate::registry::UnknownModule;

/// A component's bytes.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "describes bodies that are no JSON")]
pub(crate) struct ComponentBytes(Vec<u8>);

/// Download a module's component
#[utoipa::path(get, path = "/v1/modules/{module_id}/component", operation_id = "get_component", tag = "modules", params(("module_id" = String, Path)),
    responses((status = 200, description = "The bytes as they were added", body = ComponentBytes, content_type = "application/wasm")))]
pub(crate) async fn component(
    State(api): State<Shared>,
    Who(caller): Who,
    ModulePath(id): ModulePath,
) -> Result<Response, Problem> {
    if !sees(&api, &caller, &id).await? {
        return Err(UnknownModule(id).into());
    }
    let bytes = api.registry.component(&id).await?.ok_or(UnknownModule(id))?;
    Ok(([(header::CONTENT_TYPE, HeaderValue::from_static("application/wasm"))], bytes).into_response())
}
