//! What clients say of a schedule.

use std::time::Duration;

use serde::Deserialize;
use utoipa::ToSchema;

use crate::access::Caller;
use crate::api::extract::JsonRequest;
use crate::api::jobs::start::{JOB_BODY_BYTES, StartBody};
use crate::api::json::{DurationText, Parsed};
use crate::api::modules::sees;
use crate::api::problem::{INVALID_FIELD, Problem};
use crate::api::state::Shared;
use crate::domain::{CatchUp, CatchUpPolicy, JobTemplate, Overlap, ScheduleName, SchedulePlan};
use crate::scheduler::{ScheduleError, StartError, StartJob};

/// A schedule to make, or what one is to be from now on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PutSchedule)]
pub(crate) struct PutSchedule {
    /// What to call it: lowercase words joined by single hyphens; no two schedules have the same.
    #[schema(value_type = String, example = "nightly-report")]
    name: Parsed<ScheduleName>,
    /// When: minute, hour, day of month, month, day of week, and seconds before them if they matter; or `@hourly`, `@daily`,
    /// `@weekly`, `@monthly`, `@yearly`.
    #[schema(example = "30 2 * * MON-FRI")]
    cron: String,
    /// The time zone in which `cron` is read, as the IANA calls it; `UTC` unless given.
    #[serde(default = "utc")]
    #[schema(required = false, example = "Europe/Berlin")]
    time_zone: String,
    /// What to start, as for `POST /v1/jobs`, without `run_after`. It is checked now and again each time; a name means its
    /// highest version at that time.
    job: StartBody,
    /// Each occurrence is put off by up to so much, always the same for one occurrence; `0s` unless given.
    #[schema(value_type = Option<String>, example = "30s")]
    jitter: Option<DurationText>,
    /// What happens while an earlier job of the schedule has not ended: `skip` starts nothing, `queue` lets the new one wait
    /// for its end, `replace` asks it to stop and starts the new one then, `allow` starts the new one beside it. `skip` unless given.
    #[serde(default)]
    #[schema(value_type = Option<OverlapJson>, inline)]
    overlap: Option<Parsed<Overlap>>,
    /// What becomes of occurrences that nobody could start in time.
    #[serde(default)]
    catch_up: Option<CatchUpBody>,
    /// From how late on an occurrence counts as missed: 1 s to 24 h, `1m` unless given.
    #[schema(value_type = Option<String>, example = "1m")]
    late_after: Option<DurationText>,
    /// Whether it starts nothing for now.
    #[serde(default)]
    #[schema(required = false)]
    paused: bool,
}

/// What becomes of occurrences that were missed, as while the host was down.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, expecting = "expected an object such as {\"policy\": \"last\"}")]
#[schema(as = PutCatchUp)]
pub(crate) struct CatchUpBody {
    /// `none` makes up for none, `last` for the newest one, `all` for each, which needs `overlap` to be `queue` or `allow`. `last`
    /// unless given.
    #[serde(default)]
    #[schema(value_type = Option<CatchUpPolicyJson>, inline)]
    policy: Option<Parsed<CatchUpPolicy>>,
    /// With `all`, how many at most, the newest ones; 100 unless given.
    #[serde(default = "usual_limit")]
    #[schema(required = false, minimum = 1, maximum = 1000)]
    limit: u32,
    /// Older ones are not made up for; `1d` unless given.
    #[schema(value_type = Option<String>, example = "1d")]
    max_age: Option<DurationText>,
}

/// What happens while an earlier job of the schedule has not ended.
#[derive(ToSchema)]
#[schema(as = Overlap, rename_all = "lowercase")]
#[expect(dead_code, reason = "describes `domain::Overlap`, which knows nothing of documents")]
pub(crate) enum OverlapJson {
    Skip,
    Queue,
    Replace,
    Allow,
}

/// Which missed occurrences are made up for.
#[derive(ToSchema)]
#[schema(as = CatchUpPolicy, rename_all = "lowercase")]
#[expect(dead_code, reason = "describes `domain::CatchUpPolicy`, which knows nothing of documents")]
pub(crate) enum CatchUpPolicyJson {
    None,
    Last,
    All,
}

fn utc() -> String {
    "UTC".to_owned()
}

fn usual_limit() -> u32 {
    CatchUp::LIMIT
}

impl JsonRequest for PutSchedule {
    const BODY_BYTES: u64 = JOB_BODY_BYTES;
}

impl PutSchedule {
    /// The plan, if the caller may start such jobs.
    pub(super) async fn plan(self, api: &Shared, caller: &Caller) -> Result<SchedulePlan, Problem> {
        let plan: SchedulePlan = self.try_into()?;
        if !sees(api, caller, &plan.job.module).await? {
            let unknown = StartError::UnknownModule(plan.job.module);
            return Err(ScheduleError::Job(unknown).into());
        }
        Ok(plan)
    }
}

impl TryFrom<PutSchedule> for SchedulePlan {
    type Error = Problem;

    fn try_from(put: PutSchedule) -> Result<Self, Problem> {
        let span = |asked: Option<DurationText>, usual: Duration| asked.map_or(usual, |DurationText(span)| span);
        let request: StartJob = put.job.into();
        if request.run_after.is_some() {
            let sentence = "`job/run_after` is given, and the schedule says when; leave it out";
            return Err(Problem::in_field(INVALID_FIELD, "job/run_after", sentence.to_owned()));
        }
        let catch_up = put.catch_up.map_or_else(CatchUp::default, |asked| CatchUp {
            policy: asked.policy.map(|Parsed(policy)| policy).unwrap_or_default(),
            limit: asked.limit,
            max_age: span(asked.max_age, CatchUp::MAX_AGE),
        });
        Ok(Self {
            name: put.name.0,
            cron: put.cron,
            time_zone: put.time_zone,
            job: JobTemplate {
                module: request.module,
                inputs: request.inputs,
                settings: request.settings,
                checkpoint: request.checkpoint,
                max_duration: request.max_duration,
                stop_grace: request.stop_grace,
                max_attempts: request.retry.max_attempts,
                backoff: request.retry.backoff,
                priority: request.priority,
                labels: request.labels,
                queue: request.queue,
                unique_key: request.unique.map(|unique| unique.key),
            },
            jitter: span(put.jitter, Duration::ZERO),
            overlap: put.overlap.map(|Parsed(overlap)| overlap).unwrap_or_default(),
            catch_up,
            late_after: span(put.late_after, Self::LATE_AFTER),
            paused: put.paused,
        })
    }
}
