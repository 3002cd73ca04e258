//! `GET /metrics`: what the host measures of itself, for Prometheus.

use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};

use super::extract::Who;
use super::problem::{NO_METRICS_HERE, Problem, SCOPE_MISSING};
use super::state::Shared;
use crate::domain::Reach;
use crate::measured::{self, Figure};
use crate::scheduler::HostVitals;

/// The figures that this process keeps, once they are kept.
#[derive(Clone)]
pub struct Metrics(PrometheusHandle);

impl Metrics {
    /// Begins to keep them, for the whole process; `None` when something else keeps them already.
    pub fn install() -> Result<Option<Self>, BuildError> {
        let writes = Matcher::Full(measured::COMMIT_WRITES.name.to_owned());
        let builder = PrometheusBuilder::new()
            .set_buckets(&measured::SECONDS)?
            .set_buckets_for_metric(writes, &measured::WRITES)?;
        let recorder = builder.build_recorder();
        let handle = recorder.handle();
        if metrics::set_global_recorder(recorder).is_err() {
            return Ok(None);
        }
        measured::describe();
        Ok(Some(Self(handle)))
    }

    /// Folds what came since the last time; without it, histograms that nobody reads would grow.
    pub fn fold(&self) {
        self.0.run_upkeep();
    }
}

/// Figures for Prometheus
///
/// In its text format. A token needs `jobs:read` for the jobs of all modules.
#[utoipa::path(get, path = "/metrics", operation_id = "get_metrics", tag = "host",
    responses((status = 200, description = "The figures", body = String, content_type = "text/plain")))]
pub(crate) async fn figures(State(api): State<Shared>, Who(caller): Who) -> Result<Response, Problem> {
    if caller.reach() != Reach::All {
        let detail = "the figures are of all modules, and this token is for some of them";
        return Err(Problem::new(SCOPE_MISSING, detail));
    }
    let detail = "the program that runs this host keeps its figures in another way";
    let Metrics(handle) = api.metrics.as_ref().ok_or_else(|| Problem::new(NO_METRICS_HERE, detail))?;
    note(&api.scheduler.vitals().await?);
    if let Some(webhooks) = &api.webhooks {
        let counts = webhooks.counts().await?;
        measured::WEBHOOKS_FAILING.set(counts.failing);
        measured::DELIVERIES_WAITING.set(counts.waiting);
    }
    let mut response = handle.render().into_response();
    let text = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, text);
    Ok(response)
}

fn note(vitals: &HostVitals) {
    measured::BUILD_INFO.set_with("version", env!("CARGO_PKG_VERSION"), 1);
    measured::JOBS.set_with("status", "pending", vitals.pending);
    measured::JOBS.set_with("status", "running", vitals.running);
    let figures: [(Figure, u64); 11] = [
        (measured::QUEUE_AGE, vitals.queue_age.as_secs()),
        (measured::SLOTS, vitals.slots.into()),
        (measured::SLOTS_USED, vitals.slots_used.into()),
        (measured::GUEST_MEMORY, vitals.guest_memory_bytes),
        (measured::GUEST_MEMORY_BUDGET, vitals.guest_memory_budget_bytes),
        (measured::NODES, vitals.nodes),
        (measured::FENCED, vitals.is_fenced.into()),
        (measured::STREAMS, vitals.streams),
        (measured::MODULES, vitals.modules),
        (measured::DATABASE_SIZE, vitals.size.database_bytes),
        (measured::DISK_SHORT, vitals.size.is_short_of_disk.into()),
    ];
    for (figure, value) in figures {
        figure.set(value);
    }
    let known = [
        (measured::DISK_FREE, vitals.size.disk_free_bytes),
        (measured::DATABASE_USED, vitals.used_bytes),
        (measured::DATABASE_LIMIT, vitals.limit_bytes),
    ];
    for (figure, value) in known {
        if let Some(value) = value {
            figure.set(value);
        }
    }
}

/// Notes how long each request takes until its answer begins. Paths are those of the routes, so that ids make no figures
/// of their own.
pub(crate) async fn measure(request: Request, next: Next) -> Response {
    let begin = Instant::now();
    let method = word(request.method());
    let path = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let response = next.run(request).await;
    let path = path.unwrap_or_else(|| "other".to_owned());
    let status = response.status().as_str().to_owned();
    metrics::histogram!(measured::REQUEST.name, "method" => method, "path" => path, "status" => status)
        .record(begin.elapsed());
    response
}

fn word(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        _ => "other",
    }
}
