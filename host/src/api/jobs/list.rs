//! `GET /v1/jobs`: jobs, newest first.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::job_json::{JobJson, StatusJson};
use crate::api::cursor;
use crate::api::extract::{PageLimit, Params, Who, limit_schema};
use crate::api::json::{Parsed, json};
use crate::api::problem::Problem;
use crate::api::state::Shared;
use crate::domain::{JobFilter, JobLimits, JobPage, LabelSelector, ModuleRef, ScheduleRef, SearchText, Status};

/// Which jobs to list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListQuery {
    /// Only those that stand there.
    #[param(value_type = Option<StatusJson>, inline)]
    status: Option<Parsed<Status>>,
    /// Only those of this module: all its versions for a name, else `name@version` or `sha256:<hex>`.
    #[param(value_type = Option<String>)]
    module_id: Option<Parsed<ModuleRef>>,
    /// Only those that have all of these labels: `NAME=VALUE`, at most 8 with commas between them.
    #[param(value_type = Option<String>, example = "team=billing,stage=test")]
    labels: Option<Parsed<LabelSelector>>,
    /// Only those that have this text in their id, `name@version`, labels or error; upper and lower case are the same. A page
    /// looks through 20,000 jobs at most, so it may be short or empty before the end.
    #[param(value_type = Option<String>, min_length = 1, max_length = 200, example = "disk full")]
    search: Option<Parsed<SearchText>>,
    /// Only those that this schedule has started: its id, or the name that it has now.
    #[param(value_type = Option<String>, example = "nightly-report")]
    schedule: Option<Parsed<ScheduleRef>>,
    /// How many at most; more than 1,000 counts as 1,000.
    #[param(schema_with = limit_schema, required = false)]
    limit: Option<Parsed<PageLimit>>,
    /// The `next_cursor` of an earlier page.
    cursor: Option<String>,
}

/// Jobs, newest first.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = JobPage)]
pub(crate) struct JobPageJson<'p> {
    /// The jobs.
    jobs: Vec<JobJson<'p>>,
    /// Gives the next page; null at the end.
    next_cursor: Option<String>,
}

/// List jobs, newest first
#[utoipa::path(get, path = "/v1/jobs", operation_id = "list_jobs", tag = "jobs", params(ListQuery),
    responses((status = 200, description = "A page of jobs", body = JobPageJson)))]
pub(crate) async fn list(
    State(api): State<Shared>,
    Who(caller): Who,
    Params(query): Params<ListQuery>,
) -> Result<Response, Problem> {
    let schedule = match &query.schedule {
        None => None,
        Some(Parsed(ScheduleRef::Id(id))) => Some(*id),
        Some(Parsed(which)) => match api.scheduler.schedule(which).await? {
            Some(schedule) => Some(schedule.id),
            None => return Ok(json(StatusCode::OK, &JobPageJson { jobs: Vec::new(), next_cursor: None })),
        },
    };
    let filter = JobFilter { reach: caller.reach(), schedule, ..query.try_into()? };
    let page = api.scheduler.jobs(filter).await?;
    Ok(json(StatusCode::OK, &JobPageJson::new(&page, &api.limits.get())))
}

impl TryFrom<ListQuery> for JobFilter {
    type Error = Problem;

    fn try_from(query: ListQuery) -> Result<Self, Problem> {
        let filter = Self {
            status: query.status.map(|Parsed(status)| status),
            before: query.cursor.as_deref().map(cursor::job).transpose()?,
            search: query.search.map(|Parsed(search)| search),
            labels: query.labels.map(|Parsed(labels)| labels).unwrap_or_default(),
            limit: PageLimit::or_default(query.limit.as_ref()),
            ..Self::default()
        };
        Ok(match query.module_id {
            None => filter,
            Some(Parsed(module)) => filter.of_module(module),
        })
    }
}

impl<'p> JobPageJson<'p> {
    /// The page, beside the limits of this host.
    pub(super) fn new(page: &'p JobPage, limits: &JobLimits) -> Self {
        let jobs = page.jobs.iter().map(|job| JobJson::new(job, limits)).collect();
        Self { jobs, next_cursor: page.next.map(cursor::after_job) }
    }
}
