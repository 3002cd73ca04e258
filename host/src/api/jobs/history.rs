//! `GET /v1/jobs/history`: how many jobs began and ended, over time.

use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::api::extract::{Params, Who};
use crate::api::json::{DurationText, json};
use crate::api::problem::{INVALID_QUERY, Problem};
use crate::api::state::Shared;
use crate::domain::{HistorySpan, HistoryStep, JobHistory, Timestamp};

/// Which time to look at.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct HistoryQuery {
    /// How far back: `1m` to `31d`.
    #[param(value_type = Option<String>, example = "24h", required = false)]
    since: Option<DurationText>,
    /// How long each step is: at least `1s`, and at most 500 of them. Unless given, one that gives about a hundred.
    #[param(value_type = Option<String>, example = "10m", required = false)]
    step: Option<DurationText>,
}

/// What began and ended over time, as far as the jobs that are still kept tell: what was deleted, by hand or by retention,
/// is not in it. A job that was resumed after its end counts where it ends next.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = JobHistory)]
pub(crate) struct HistoryJson {
    /// How long each step is.
    #[schema(value_type = String, example = "10m")]
    step: DurationText,
    /// The same in whole milliseconds.
    step_ms: u64,
    /// All steps, the oldest first, the empty ones included. The last one is not over yet.
    steps: Vec<HistoryStepJson>,
    /// When the job ended that ended first of those that are still kept: of ends before, nothing is known.
    #[schema(value_type = Option<String>, format = DateTime)]
    oldest_ended_at: Option<Timestamp>,
}

/// What happened in one step.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = JobHistoryStep)]
pub(crate) struct HistoryStepJson {
    /// When it begins: at a whole multiple of its length since 1970.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// Jobs whose first attempt began in it.
    started: u64,
    /// Jobs that ended so in it.
    completed: u64,
    /// Jobs that ended so in it.
    failed: u64,
    /// Jobs that ended so in it.
    stopped: u64,
}

/// How many jobs began and ended over time
///
/// Of jobs that are still kept. Where there are very many, the answer may be some seconds old.
#[utoipa::path(get, path = "/v1/jobs/history", operation_id = "get_job_history", tag = "jobs", params(HistoryQuery),
    responses((status = 200, description = "The steps", body = HistoryJson)))]
pub(crate) async fn history(
    State(api): State<Shared>,
    Who(caller): Who,
    Params(query): Params<HistoryQuery>,
) -> Result<Response, Problem> {
    let asked = |duration: Option<DurationText>| duration.map(|DurationText(duration)| duration);
    let span = HistorySpan::new(asked(query.since), asked(query.step))
        .map_err(|error| Problem::new(INVALID_QUERY, format!("the query is wrong: {error}")))?;
    let history = api.scheduler.job_history(span, &caller.reach()).await?;
    Ok(json(StatusCode::OK, &HistoryJson::from(&history)))
}

impl From<&JobHistory> for HistoryJson {
    fn from(history: &JobHistory) -> Self {
        let begins = (0..).map(|step: u32| history.begin.after(history.step.saturating_mul(step)));
        Self {
            step: DurationText(history.step),
            step_ms: whole_ms(history.step),
            steps: begins.zip(&history.steps).map(HistoryStepJson::from).collect(),
            oldest_ended_at: history.oldest_ended_at,
        }
    }
}

impl From<(Timestamp, &HistoryStep)> for HistoryStepJson {
    fn from((at, step): (Timestamp, &HistoryStep)) -> Self {
        let HistoryStep { started, completed, failed, stopped } = *step;
        Self { at, started, completed, failed, stopped }
    }
}

fn whole_ms(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::document::assert_documented;

    #[test]
    fn a_history_is_what_the_document_says() {
        let steps = vec![HistoryStep { started: 1, ..HistoryStep::default() }; 2];
        let begin = Timestamp::from_millis(0);
        let history = JobHistory { begin, step: Duration::from_mins(10), steps, oldest_ended_at: None };
        let shown = serde_json::to_value(HistoryJson::from(&history)).expect("JSON");
        assert_documented("JobHistory", &shown);
        assert_documented("JobHistoryStep", &shown["steps"][1]);
        assert_eq!((&shown["step"], &shown["step_ms"]), (&"10m".into(), &600_000.into()));
        assert_eq!(shown["steps"][1]["at"], "1970-01-01T00:10:00.000Z");
    }
}
