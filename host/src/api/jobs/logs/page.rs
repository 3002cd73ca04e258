//! `GET /v1/jobs/{job_id}/logs`: a page of a job's log.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::api::extract::{JobPath, PageLimit, Params, Position, limit_schema, part};
use crate::api::json::{Parsed, json};
use crate::api::problem::Problem;
use crate::api::state::Shared;
use crate::domain::{LogGap, LogLevel, LogLine, LogPage, LogSource, Timestamp};
use crate::scheduler::JobNotFound;

/// Which lines to read.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct PageQuery {
    /// The last number that the reader has; the page starts after it.
    #[param(value_type = Option<u64>, default = 0)]
    after: Option<Parsed<Position>>,
    /// How many lines at most; more than 1,000 counts as 1,000. A page may be shorter to stay under 4 MiB.
    #[param(schema_with = limit_schema, required = false)]
    limit: Option<Parsed<PageLimit>>,
}

/// Log lines in the order of their numbers.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LogPage)]
pub(crate) struct LogPageJson<'p> {
    /// The lines.
    lines: Vec<LineJson<'p>>,
    /// Lines before them that retention has removed.
    gap: Option<GapJson>,
    /// The last number on this page, or the `after` asked for. Only an empty page without a gap means that there is nothing more now.
    next_after: u64,
    /// Whether the job has ended and nothing follows.
    ended: bool,
}

/// Numbered lines that were removed.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LogGap)]
pub(crate) struct GapJson {
    /// The first of them.
    from: u64,
    /// The last of them.
    to: u64,
    /// Why they are gone.
    reason: &'static str,
}

/// One line of a job's log.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LogLine)]
pub(crate) struct LineJson<'p> {
    /// Its number: 1, 2, 3 … in each job, without a hole.
    pub(crate) seq: u64,
    /// When the host got it.
    #[schema(value_type = String, format = DateTime)]
    time: Timestamp,
    /// Which attempt wrote it.
    attempt: u32,
    /// `trace`, `debug`, `info`, `warn`, `error` or `critical`.
    #[schema(value_type = String)]
    level: LogLevel,
    /// `guest`, `stdout`, `stderr` or `host`.
    #[schema(value_type = String)]
    source: LogSource,
    /// The text, line breaks included.
    message: &'p str,
    /// Whether it is the rest of the line before it, which was too long for one.
    continued: bool,
}

/// Read a job's log
#[utoipa::path(get, path = "/v1/jobs/{job_id}/logs", operation_id = "get_logs", tag = "jobs", params(("job_id" = uuid::Uuid, Path), PageQuery),
    responses((status = 200, description = "A page of log lines", body = LogPageJson)))]
pub(crate) async fn page(
    State(api): State<Shared>,
    JobPath(id): JobPath,
    Params(query): Params<PageQuery>,
) -> Result<Response, Problem> {
    let part = part(query.after, query.limit.as_ref());
    let page = api.scheduler.logs(id, part).await?.ok_or(JobNotFound(id))?;
    Ok(json(StatusCode::OK, &LogPageJson::from(&page)))
}

impl<'p> From<&'p LogPage> for LogPageJson<'p> {
    fn from(page: &'p LogPage) -> Self {
        Self {
            lines: page.lines.iter().map(LineJson::from).collect(),
            gap: page.gap.map(|LogGap { from, to }| GapJson { from, to, reason: LogGap::REASON }),
            next_after: page.next_after,
            ended: page.ended(),
        }
    }
}

impl<'p> From<&'p LogLine> for LineJson<'p> {
    fn from(line: &'p LogLine) -> Self {
        Self {
            seq: line.seq,
            time: line.time,
            attempt: line.attempt,
            level: line.level,
            source: line.source,
            message: &line.message,
            continued: line.continued,
        }
    }
}
