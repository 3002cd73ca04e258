//! `GET /v1/retention`: what is kept of ended jobs, how full the database is, and what was removed.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::extract::Who;
use crate::api::json::{DurationText, json};
use crate::api::problem::{Problem, SCOPE_MISSING};
use crate::api::state::Shared;
use crate::domain::{Reach, RetentionRules, Timestamp};
use crate::scheduler::RetentionReport;
use crate::store::RetentionRecord;

/// How retention stands.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Retention)]
pub(crate) struct RetentionJson {
    /// What is kept of ended jobs.
    rules: RulesJson,
    /// How full the database is.
    database: DatabaseJson,
    /// What was removed since the database was made, by whichever node.
    removed: RemovedJson,
}

/// What is kept of ended jobs; null is no limit.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RetentionRules)]
pub(crate) struct RulesJson {
    /// For how long completed jobs are kept.
    #[schema(value_type = Option<String>, example = "30days")]
    completed: Option<DurationText>,
    /// For how long failed ones.
    #[schema(value_type = Option<String>)]
    failed: Option<DurationText>,
    /// For how long stopped ones.
    #[schema(value_type = Option<String>)]
    stopped: Option<DurationText>,
    /// For how long the logs of ended jobs; null keeps them as long as the job.
    #[schema(value_type = Option<String>)]
    logs: Option<DurationText>,
    /// For how long their checkpoints; null keeps them as long as the job.
    #[schema(value_type = Option<String>)]
    checkpoints: Option<DurationText>,
    /// How many ended jobs.
    jobs: Option<u64>,
    /// How many of each module.
    module_jobs: Option<u64>,
    /// What is different for some modules, as the settings have it.
    #[schema(example = json!(["word-count completed=7days jobs=1000"]))]
    modules: Vec<String>,
}

/// How full the database is.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RetentionDatabase)]
pub(crate) struct DatabaseJson {
    /// What it holds, without what is free in its files; null until it was added up.
    used_bytes: Option<u64>,
    /// What it may hold. Above seven eighths of it, the oldest ended jobs lose their logs, then their checkpoints, and then
    /// go. Null is no limit.
    limit_bytes: Option<u64>,
}

/// What was removed.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RetentionRemoved)]
pub(crate) struct RemovedJson {
    /// When something was removed last.
    #[schema(value_type = Option<String>, format = DateTime)]
    last_at: Option<Timestamp>,
    /// Why: `age`, `count` or `bytes`.
    last_reason: Option<String>,
    /// Jobs.
    jobs: u64,
    /// How often lines of a job, before the job itself.
    logs: u64,
    /// How often results of a job, before the job itself.
    results: u64,
    /// How often the checkpoints of a job, before the job itself.
    checkpoints: u64,
}

/// What is kept of ended jobs, and what was removed
///
/// A token needs `jobs:read` for the jobs of all modules.
#[utoipa::path(get, path = "/v1/retention", operation_id = "get_retention", tag = "host",
    responses((status = 200, description = "How retention stands", body = RetentionJson)))]
pub(crate) async fn retention(State(api): State<Shared>, Who(caller): Who) -> Result<Response, Problem> {
    if caller.reach() != Reach::All {
        let detail = "retention is of all modules, and this token is for some of them";
        return Err(Problem::new(SCOPE_MISSING, detail));
    }
    Ok(json(StatusCode::OK, &RetentionJson::from(api.scheduler.retention().await?)))
}

impl From<RetentionReport> for RetentionJson {
    fn from(RetentionReport { rules, used_bytes, limit_bytes, record }: RetentionReport) -> Self {
        Self { rules: (&*rules).into(), database: DatabaseJson { used_bytes, limit_bytes }, removed: record.into() }
    }
}

impl From<&RetentionRules> for RulesJson {
    fn from(rules: &RetentionRules) -> Self {
        Self {
            completed: rules.ages.completed.map(DurationText),
            failed: rules.ages.failed.map(DurationText),
            stopped: rules.ages.stopped.map(DurationText),
            logs: rules.ages.logs.map(DurationText),
            checkpoints: rules.ages.checkpoints.map(DurationText),
            jobs: rules.jobs,
            module_jobs: rules.module_jobs,
            modules: rules.modules.iter().map(ToString::to_string).collect(),
        }
    }
}

impl From<RetentionRecord> for RemovedJson {
    fn from(record: RetentionRecord) -> Self {
        let RetentionRecord { last, jobs, logs, results, checkpoints, .. } = record;
        let (last_at, last_reason) = last.unzip();
        Self { last_at, last_reason, jobs, logs, results, checkpoints }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::api::document::assert_documented;

    #[test]
    fn it_is_what_the_document_says() {
        let modules = vec!["word-count completed=7d".parse().expect("rules")];
        let rules = Arc::new(RetentionRules { modules, ..RetentionRules::default() });
        let last = Some((Timestamp::from_millis(0), "age".to_owned()));
        let record =
            RetentionRecord { holder: None, used_bytes: None, last, jobs: 1, logs: 2, results: 3, checkpoints: 4 };
        let report = RetentionReport { rules, used_bytes: Some(5), limit_bytes: None, record };
        let shown = serde_json::to_value(RetentionJson::from(report)).expect("JSON");
        assert_documented("Retention", &shown);
        assert_documented("RetentionRules", &shown["rules"]);
        assert_documented("RetentionDatabase", &shown["database"]);
        assert_documented("RetentionRemoved", &shown["removed"]);
        assert_eq!(
            (&shown["rules"]["completed"], &shown["rules"]["modules"][0]),
            (&"30days".into(), &"word-count completed=7days".into())
        );
    }
}
