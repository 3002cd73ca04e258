//! `GET /healthz` and `GET /readyz`: whether the process is alive, and whether it can take work.

use std::future::{Ready, ready};

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use super::json::json;
use super::problem::{NOT_READY, Problem, SHUTTING_DOWN};
use super::state::Shared;

/// All is well.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Health)]
pub(crate) struct HealthJson {
    /// `ok`; anything else comes as a problem.
    status: &'static str,
}

const OK: HealthJson = HealthJson { status: "ok" };

/// Whether the process is alive
///
/// Says yes as long as it can answer at all.
#[utoipa::path(get, path = "/healthz", tag = "host", responses((status = 200, body = HealthJson)))]
pub(crate) fn healthz() -> Ready<Response> {
    ready(json(StatusCode::OK, &OK))
}

/// Whether the host can take work
///
/// 200 once the database was reached and interrupted jobs were taken up again; 503 before that and on the way down.
#[utoipa::path(get, path = "/readyz", tag = "host", responses((status = 200, body = HealthJson)))]
pub(crate) async fn readyz(State(api): State<Shared>) -> Result<Response, Problem> {
    if api.shutdown.is_cancelled() {
        return Err(Problem::of(SHUTTING_DOWN).retry_after(5));
    }
    if api.scheduler.is_ready().await {
        Ok(json(StatusCode::OK, &OK))
    } else {
        Err(Problem::new(
            NOT_READY,
            "the database was not reached yet, or interrupted jobs were not taken up again yet",
        )
        .retry_after(1))
    }
}
