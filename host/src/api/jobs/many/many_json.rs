//! Which jobs are meant, and what became of them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::cursor;
use crate::api::extract::JsonRequest;
use crate::api::jobs::job_json::StatusJson;
use crate::api::json::Parsed;
use crate::api::problem::{INVALID_FIELD, Problem, ProblemJson};
use crate::domain::limits::KIB;
use crate::domain::page::PAGE_MAX;
use crate::domain::{JobFilter, JobId, LabelSelector, ModuleRef, ScheduleRef, Status};

/// Which jobs are meant: these, or all that fit. At least one field but `limit` and `cursor` has to be given.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SelectJobs)]
pub(crate) struct SelectJobs {
    /// These, at most 1,000; not together with other fields.
    #[schema(value_type = Option<Vec<uuid::Uuid>>, max_items = 1000)]
    ids: Option<Vec<Parsed<JobId>>>,
    /// Those that stand there, among those with which it can be done.
    #[schema(value_type = Option<StatusJson>, inline)]
    status: Option<Parsed<Status>>,
    /// Those of this module: all its versions for a name, else `name@version` or `sha256:<hex>`.
    #[schema(value_type = Option<String>)]
    module_id: Option<Parsed<ModuleRef>>,
    /// Those that have all of these labels: `NAME=VALUE`, at most 8 with commas between them.
    #[schema(value_type = Option<String>, example = "team=billing")]
    labels: Option<Parsed<LabelSelector>>,
    /// Those that this schedule has started: its id, or the name that it has now.
    #[schema(value_type = Option<String>)]
    schedule: Option<Parsed<ScheduleRef>>,
    /// How many at most in this request, the newest ones; 1,000 unless given.
    #[schema(minimum = 1, maximum = 1000)]
    limit: Option<u32>,
    /// The `next_cursor` of an earlier answer.
    cursor: Option<String>,
}

impl JsonRequest for SelectJobs {
    const BODY_BYTES: u64 = 128 * KIB;
}

/// What became of many jobs.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ManyJobs)]
pub(crate) struct ManyJobsJson<'p> {
    /// With how many it was done.
    pub(super) done: usize,
    /// Those with which it was not, and why.
    pub(super) refused: Vec<RefusedJobJson<'p>>,
    /// How many older ones fit that were not looked at; more than 100,000 count as 100,000.
    pub(super) remaining: u64,
    /// Goes on with these; null at the end.
    pub(super) next_cursor: Option<String>,
}

/// A job with which it was not done.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RefusedJob)]
pub(crate) struct RefusedJobJson<'p> {
    /// Its id.
    #[schema(value_type = uuid::Uuid)]
    pub(super) id: JobId,
    /// Why.
    pub(super) error: ProblemJson<'p>,
}

/// Which jobs are meant, read.
pub(super) enum Selected {
    /// These.
    Ids(Vec<JobId>),
    /// Those that fit, in each of these statuses.
    Fitting(Box<JobFilter>, Vec<Status>, Option<ScheduleRef>),
}

impl SelectJobs {
    /// Reads which are meant, of a verb that only makes sense in some statuses.
    pub(super) fn read(self, sensible: &[Status]) -> Result<Selected, Problem> {
        let wrong = |field: &str, sentence: String| Err(Problem::in_field(INVALID_FIELD, field, sentence));
        let is_narrowed =
            self.status.is_some() || self.module_id.is_some() || self.labels.is_some() || self.schedule.is_some();
        if let Some(ids) = self.ids {
            if is_narrowed || self.limit.is_some() || self.cursor.is_some() {
                return wrong("ids", "`ids` says which jobs are meant; nothing else can be given with it".to_owned());
            }
            if !(1..=PAGE_MAX as usize).contains(&ids.len()) {
                return wrong("ids", format!("`ids` has {} ids; 1 to {PAGE_MAX} can be given", ids.len()));
            }
            return Ok(Selected::Ids(ids.into_iter().map(|Parsed(id)| id).collect()));
        }
        if !is_narrowed {
            let sentence = "say which jobs are meant: `ids`, or one of `status`, `module_id`, `labels` and `schedule`";
            return wrong("ids", sentence.to_owned());
        }
        let statuses = match self.status {
            None => sensible.to_vec(),
            Some(Parsed(status)) if sensible.contains(&status) => vec![status],
            Some(Parsed(status)) => {
                let words: Vec<_> = sensible.iter().map(|status| format!("`{status}`")).collect();
                let sentence = format!("`status` is `{status}`; it can be {} here", words.join(" or "));
                return wrong("status", sentence);
            }
        };
        let limit = self.limit.unwrap_or(PAGE_MAX);
        if !(1..=PAGE_MAX).contains(&limit) {
            return wrong("limit", format!("`limit` is {limit}; it must be from 1 to {PAGE_MAX}"));
        }
        let filter = JobFilter {
            before: self.cursor.as_deref().map(cursor::job).transpose()?,
            labels: self.labels.map(|Parsed(labels)| labels).unwrap_or_default(),
            limit,
            ..JobFilter::default()
        };
        let filter = match self.module_id {
            None => filter,
            Some(Parsed(module)) => filter.of_module(module),
        };
        Ok(Selected::Fitting(Box::new(filter), statuses, self.schedule.map(|Parsed(schedule)| schedule)))
    }
}
