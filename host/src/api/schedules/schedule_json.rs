//! How a schedule and its occurrences look to clients.

use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use super::put_json::{CatchUpPolicyJson, OverlapJson};
use crate::api::jobs::parts::keys_json::QueueJson;
use crate::api::jobs::parts::retry_json::RetryJson;
use crate::api::json::{DurationText, json};
use crate::domain::{
    CatchUp, JobId, JobTemplate, JsonObject, Labels, Priority, RunCause, Schedule, ScheduleId, ScheduleRun,
    ScheduleRunWhat, Timestamp,
};

/// A schedule.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Schedule)]
pub(crate) struct ScheduleJson<'s> {
    /// Its id.
    #[schema(value_type = uuid::Uuid)]
    id: ScheduleId,
    /// What it is called.
    #[schema(example = "nightly-report")]
    name: &'s str,
    /// When.
    #[schema(example = "30 2 * * MON-FRI")]
    cron: &'s str,
    /// The time zone in which `cron` is read.
    #[schema(example = "Europe/Berlin")]
    time_zone: &'s str,
    /// The name of the module that it starts.
    module_name: &'s str,
    /// What it starts.
    job: ScheduledJobJson<'s>,
    /// Each occurrence is put off by up to so much.
    #[schema(value_type = String, example = "30s")]
    jitter: DurationText,
    /// What happens while an earlier job has not ended.
    #[schema(value_type = OverlapJson)]
    overlap: &'static str,
    /// What becomes of missed occurrences.
    catch_up: CatchUpJson,
    /// From how late on an occurrence counts as missed.
    #[schema(value_type = String, example = "1m")]
    late_after: DurationText,
    /// Whether it starts nothing for now.
    paused: bool,
    /// When it starts something next, jitter included; null while it is paused, or when it comes no more.
    #[schema(value_type = Option<String>, format = DateTime)]
    next_run_at: Option<Timestamp>,
    /// What happened last.
    last_run: Option<ScheduleRunJson<'s>>,
    /// The name of the token that put it last; null where no token was needed.
    created_by: Option<&'s str>,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it was last changed.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
}

/// The job that a schedule starts: what `POST /v1/jobs` takes, in full.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ScheduledJob)]
pub(crate) struct ScheduledJobJson<'s> {
    /// `name` (its highest version each time), `name@version` or `sha256:<hex>`.
    module_id: String,
    #[schema(value_type = Object)]
    inputs: &'s JsonObject,
    #[schema(value_type = Object)]
    settings: &'s JsonObject,
    #[schema(value_type = Option<Object>)]
    checkpoint: Option<&'s JsonObject>,
    #[schema(value_type = Option<String>, example = "1h")]
    max_duration: Option<DurationText>,
    #[schema(value_type = Option<String>, example = "5s")]
    stop_grace: Option<DurationText>,
    retry: RetryJson,
    #[schema(value_type = i64, minimum = -1000, maximum = 1000)]
    priority: Priority,
    #[schema(value_type = BTreeMap<String, String>)]
    labels: &'s Labels,
    /// Which jobs it waits for.
    queue: Option<QueueJson>,
    /// Of which jobs there is only one that has not ended.
    unique: Option<ScheduledUniqueJson<'s>>,
}

/// Of which jobs there is only one that has not ended; an occurrence that finds one is skipped.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ScheduledUnique)]
pub(crate) struct ScheduledUniqueJson<'s> {
    key: &'s str,
}

/// What becomes of missed occurrences.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CatchUp)]
pub(crate) struct CatchUpJson {
    #[schema(value_type = CatchUpPolicyJson)]
    policy: &'static str,
    /// With `all`, how many at most.
    limit: u32,
    /// Older ones are not made up for.
    #[schema(value_type = String, example = "1day")]
    max_age: DurationText,
}

/// What one occurrence came to.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ScheduleRun)]
pub(crate) struct ScheduleRunJson<'s> {
    /// Its number in the schedule; the newest has the highest.
    seq: u64,
    /// When the pattern said; for a run by hand, when somebody asked.
    #[schema(value_type = String, format = DateTime)]
    scheduled_for: Timestamp,
    /// When it was decided.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// Whether somebody asked for it.
    by_hand: bool,
    /// `started`, `skipped` because an earlier job had not ended, `missed` because nobody was there in time, or `refused`.
    #[schema(value_type = ScheduleOutcomeJson)]
    outcome: &'static str,
    /// The job that was started; when it was skipped, the one that had not ended. It may be deleted by now.
    #[schema(value_type = Option<uuid::Uuid>)]
    job_id: Option<JobId>,
    /// The last of the occurrences that were missed together with this one.
    #[schema(value_type = Option<String>, format = DateTime)]
    missed_until: Option<Timestamp>,
    /// Why the job was refused.
    problem: Option<&'s str>,
}

/// What became of an occurrence.
#[derive(ToSchema)]
#[schema(as = ScheduleOutcome, rename_all = "lowercase")]
#[expect(dead_code, reason = "describes `domain::ScheduleRunWhat`, which knows nothing of documents")]
pub(crate) enum ScheduleOutcomeJson {
    Started,
    Skipped,
    Missed,
    Refused,
}

/// The answer that shows one schedule.
pub(super) fn show(status: StatusCode, schedule: &Schedule) -> Response {
    json(status, &ScheduleJson::from(schedule))
}

impl<'s> From<&'s Schedule> for ScheduleJson<'s> {
    fn from(schedule: &'s Schedule) -> Self {
        let plan = &schedule.plan;
        Self {
            id: schedule.id,
            name: plan.name.as_str(),
            cron: &plan.cron,
            time_zone: &plan.time_zone,
            module_name: &schedule.module_name,
            job: (&plan.job).into(),
            jitter: DurationText(plan.jitter),
            overlap: plan.overlap.as_str(),
            catch_up: plan.catch_up.into(),
            late_after: DurationText(plan.late_after),
            paused: plan.paused,
            next_run_at: schedule.next.map(|next| next.fire_at),
            last_run: schedule.last_run.as_ref().map(Into::into),
            created_by: schedule.created_by.as_deref(),
            created_at: schedule.created_at,
            updated_at: schedule.updated_at,
        }
    }
}

impl<'s> From<&'s JobTemplate> for ScheduledJobJson<'s> {
    fn from(job: &'s JobTemplate) -> Self {
        Self {
            module_id: job.module.to_string(),
            inputs: &job.inputs,
            settings: &job.settings,
            checkpoint: job.checkpoint.as_ref(),
            max_duration: job.max_duration.map(DurationText),
            stop_grace: job.stop_grace.map(DurationText),
            retry: job.retry().into(),
            priority: job.priority,
            labels: &job.labels,
            queue: job.queue.as_ref().map(Into::into),
            unique: job.unique_key.as_ref().map(|key| ScheduledUniqueJson { key: key.as_str() }),
        }
    }
}

impl From<CatchUp> for CatchUpJson {
    fn from(CatchUp { policy, limit, max_age }: CatchUp) -> Self {
        Self { policy: policy.as_str(), limit, max_age: DurationText(max_age) }
    }
}

impl<'s> From<&'s ScheduleRun> for ScheduleRunJson<'s> {
    fn from(run: &'s ScheduleRun) -> Self {
        let (outcome, job_id, missed_until, problem) = match &run.what {
            ScheduleRunWhat::Started(job) => ("started", Some(*job), None, None),
            ScheduleRunWhat::Skipped(job) => ("skipped", Some(*job), None, None),
            ScheduleRunWhat::Missed { until } => ("missed", None, Some(*until), None),
            ScheduleRunWhat::Refused(problem) => ("refused", None, None, Some(problem.as_str())),
        };
        Self {
            seq: run.seq,
            scheduled_for: run.scheduled_for,
            at: run.at,
            by_hand: run.cause == RunCause::Hand,
            outcome,
            job_id,
            missed_until,
            problem,
        }
    }
}
