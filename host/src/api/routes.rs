//! Every route there is, on one page. The path and method of each stand on its handler, in the file that is named here.

use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post, put};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::entrance::check;
use super::error::{unknown_path, wrong_method};
use super::later::later;
use super::state::{ApiState, Shared};
use super::{document, events, health, jobs, modules, status};

/// The HTTP API. Serve it with `ConnectInfo<SocketAddr>`, or all clients count as one.
pub fn router(state: ApiState) -> Router {
    let hosts = Arc::clone(&state.hosts);
    let (router, _) = offered().split_for_parts();
    router
        .merge(announced())
        .fallback(unknown_path)
        .method_not_allowed_fallback(wrong_method)
        .layer(from_fn_with_state(hosts, check))
        .with_state(Arc::new(state))
}

/// What this version offers, with its part of the document.
pub(crate) fn offered() -> OpenApiRouter<Shared> {
    OpenApiRouter::with_openapi(document::head())
        // /v1/modules, /v1/modules/{module_id}, /v1/modules/{module_id}/component
        .routes(routes!(modules::add::add, modules::list::list))
        .routes(routes!(modules::get::get, modules::remove::remove))
        .routes(routes!(modules::component::component))
        // /v1/jobs, /v1/jobs/{job_id}, /v1/jobs/{job_id}/stop, …/resume
        .routes(routes!(jobs::start::start, jobs::list::list))
        .routes(routes!(jobs::get::get, jobs::delete::delete))
        .routes(routes!(jobs::stop::stop))
        .routes(routes!(jobs::resume::resume))
        // /v1/jobs/{job_id}/logs, …/logs/stream, …/results, …/checkpoint
        .routes(routes!(jobs::logs::page::page))
        .routes(routes!(jobs::logs::stream::stream))
        .routes(routes!(jobs::results::results))
        .routes(routes!(jobs::checkpoint::checkpoint))
        // /v1/events, /v1/status, /healthz, /readyz, /openapi.json
        .routes(routes!(events::events))
        .routes(routes!(status::status))
        .routes(routes!(health::healthz))
        .routes(routes!(health::readyz))
        .routes(routes!(document::openapi))
}

/// What comes with a later version and says so until then.
fn announced() -> Router<Shared> {
    Router::new()
        .route("/v1/modules/{module_id}/grants", put(later))
        .route("/v1/jobs/batch", post(later))
        .route("/metrics", get(later))
}
