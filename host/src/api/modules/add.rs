//! `POST /v1/modules`: admits a module.

use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use serde::Deserialize;
use utoipa::IntoParams;

use super::component::ComponentBytes;
use super::report_json::AddedJson;
use crate::api::extract::{Component, Params};
use crate::api::json::json;
use crate::api::problem::Problem;
use crate::api::state::Shared;
use crate::registry::{Added, OnConflict};

/// How to add.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct AddQuery {
    /// Move an existing version to these bytes; older jobs keep theirs.
    #[serde(default)]
    #[param(default = false)]
    replace: bool,
    /// Look at the component and answer what adding it would come to, but add nothing.
    #[serde(default)]
    #[param(default = false)]
    dry_run: bool,
}

/// Add a module
///
/// The body is the component. It is checked, compiled and asked to describe itself before the answer.
#[utoipa::path(post, path = "/v1/modules", operation_id = "add_module", tag = "modules", params(AddQuery,
        ("Cofferdam-Signature" = Option<String>, Header, description = "The base64 of the component's `.minisig` file"),
        ("Cofferdam-Source" = Option<String>, Header, description = "Where the component was fetched; shown with the module")),
    request_body(content = ComponentBytes, content_type = "application/wasm", description = "The component's bytes"),
    responses(
        (status = 201, description = "The module; it is new", body = AddedJson, headers(("Location" = String))),
        (status = 200, description = "The module; the same bytes were there already, or `dry_run` was asked for", body = AddedJson),
    ))]
pub(crate) async fn add(
    State(api): State<Shared>,
    Params(query): Params<AddQuery>,
    Component(upload): Component,
) -> Result<Response, Problem> {
    let on_conflict = if query.replace { OnConflict::Replace } else { OnConflict::Refuse };
    // A client that goes away ends the compiler; only what changes something goes on without it.
    let candidate = api.registry.examine(upload).await?;
    if query.dry_run {
        let prospect = api.registry.prospect(&candidate, on_conflict).await?;
        let report = api.registry.report(candidate.module()).await?;
        let shown = AddedJson::new(candidate.module(), report, Some(prospect), &api.limits.get());
        return Ok(json(StatusCode::OK, &shown));
    }
    // Before it is added: a version that is replaced may be gone afterwards.
    let report = api.registry.report(candidate.module()).await?;
    let registry = api.registry.clone();
    let added = api.change(async move { registry.keep(candidate, on_conflict).await }).await?;
    let (status, module) = match &added {
        Added::New(module) => (StatusCode::CREATED, module),
        Added::Known(module) => (StatusCode::OK, module),
    };
    let mut response = json(status, &AddedJson::new(module, report, None, &api.limits.get()));
    if status == StatusCode::CREATED {
        let location = HeaderValue::try_from(format!("/v1/modules/{}", module.label()));
        response.headers_mut().insert(header::LOCATION, location.expect("names and versions are visible ASCII"));
    }
    Ok(response)
}
