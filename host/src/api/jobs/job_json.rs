//! How a job looks to clients.

use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use super::parts::keys_json::QueueJson;
use super::parts::retry_json::RetryJson;
use crate::api::json::{DurationText, json};
use crate::api::limits_json::LimitsJson;
use crate::domain::{
    Digest, ErrorCode, Job, JobError, JobId, JobKey, JobLimits, JobSchedule, JobState, JsonObject, Labels, ModuleLabel,
    NodeId, Priority, Progress, Removed, ScheduleId, Status, StopReason, Stopped, Timestamp, Usage,
};

/// A job.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Job)]
pub(crate) struct JobJson<'j> {
    /// Its id, which sorts by creation.
    #[schema(value_type = uuid::Uuid)]
    id: JobId,
    /// What it runs; always these bytes, whatever becomes of the name.
    module: ModuleLabelJson<'j>,
    /// Where it stands.
    #[schema(value_type = StatusJson)]
    status: Status,
    /// What the module is given.
    #[schema(value_type = Object)]
    inputs: &'j JsonObject,
    /// How the module is told to work.
    #[schema(value_type = Object)]
    settings: &'j JsonObject,
    /// The most run time over all attempts since it was started or resumed; null when there is no limit.
    #[schema(value_type = Option<String>, example = "1h")]
    max_duration: Option<DurationText>,
    /// What becomes of it when its module returns `retryable`.
    retry: RetryJson,
    /// How often it was tried again since it was started or resumed.
    retries: u32,
    /// When it may start at the earliest; null unless it is pending and waits for its time.
    #[schema(value_type = Option<String>, format = DateTime)]
    run_after: Option<Timestamp>,
    /// The number of its newest attempt; 0 before the first.
    attempt: u32,
    /// When it was started.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When its first attempt began.
    #[schema(value_type = Option<String>, format = DateTime)]
    started_at: Option<Timestamp>,
    /// When it ended.
    #[schema(value_type = Option<String>, format = DateTime)]
    finished_at: Option<Timestamp>,
    /// The newest progress.
    progress: Option<ProgressJson>,
    /// Why it is `failed`.
    error: Option<JobErrorJson<'j>>,
    /// Why it is `stopped`.
    stop: Option<StopJson>,
    /// The number of its last log line; 0 when there is none.
    last_log_seq: u64,
    /// How many results it has that are not superseded.
    results: u64,
    /// When its newest checkpoint was saved.
    #[schema(value_type = Option<String>, format = DateTime)]
    checkpoint_saved_at: Option<Timestamp>,
    /// What an attempt that begins now may use.
    limits: LimitsJson,
    /// What it has used, over all attempts.
    usage: UsageJson,
    /// Of the jobs that are ready the one with the highest starts first.
    #[schema(value_type = i64, minimum = -1000, maximum = 1000)]
    priority: Priority,
    /// What its owner attached to it.
    #[schema(value_type = BTreeMap<String, String>)]
    labels: &'j Labels,
    /// Which jobs it waits for.
    queue: Option<QueueJson>,
    /// What no other job of its module has that has not ended.
    #[schema(value_type = Option<String>)]
    unique_key: Option<&'j str>,
    /// The schedule that started it; null when a client did.
    schedule: Option<JobScheduleJson<'j>>,
    /// Whether retention leaves it alone.
    keep: bool,
    /// What retention has taken from it.
    removed: RemovedJson,
    /// Where it runs or last ran.
    #[schema(value_type = Option<uuid::Uuid>)]
    node: Option<NodeId>,
}

/// Where a job stands.
#[derive(ToSchema)]
#[schema(as = JobStatus, rename_all = "lowercase")]
#[expect(dead_code, reason = "describes `domain::Status`, which knows nothing of documents")]
pub(crate) enum StatusJson {
    Pending,
    Running,
    Completed,
    Failed,
    Stopped,
}

/// Name, version and bytes of a module.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ModuleLabel)]
pub(crate) struct ModuleLabelJson<'j> {
    name: &'j str,
    #[schema(value_type = String, example = "1.0.0")]
    version: &'j semver::Version,
    /// `sha256:` and 64 hexadecimal digits.
    #[serde(serialize_with = "crate::api::json::digest_text")]
    #[schema(value_type = String)]
    digest: Digest,
}

/// The schedule that started a job.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = JobSchedule)]
pub(crate) struct JobScheduleJson<'j> {
    /// Its id.
    #[schema(value_type = uuid::Uuid)]
    id: ScheduleId,
    /// What it was called then.
    name: &'j str,
    /// The occurrence for which the job was started; for a run by hand, when somebody asked.
    #[schema(value_type = String, format = DateTime)]
    scheduled_for: Timestamp,
}

/// How far a module says it is, in a unit of its own.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Progress)]
pub(crate) struct ProgressJson {
    done: u64,
    /// Null when the module does not know.
    total: Option<u64>,
}

/// Why a job is `failed`.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = JobError)]
pub(crate) struct JobErrorJson<'j> {
    /// For programs: `guest-failed`, `trap`, `memory-limit`, `cpu-limit`, `grant-refused`, `crash-loop`, `module-missing`, `host-error` and others to come.
    #[schema(value_type = String)]
    code: ErrorCode,
    /// For people.
    message: &'j str,
    /// The guest's stack, innermost frame first, one line a frame; only for traps.
    backtrace: Option<&'j str>,
}

/// Why a job is `stopped`.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = JobStop)]
pub(crate) struct StopJson {
    /// `requested` or `duration-limit`.
    #[schema(value_type = String)]
    reason: StopReason,
    /// Whether the module had to be interrupted because it did not return within its grace period.
    forced: bool,
}

/// What retention has taken from a job.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = JobRemoved)]
pub(crate) struct RemovedJson {
    /// Log lines up to this number; 0 for none.
    logs_to: u64,
    /// When the last of them went.
    #[schema(value_type = Option<String>, format = DateTime)]
    logs_at: Option<Timestamp>,
    /// Results up to this number; 0 for none.
    results_to: u64,
    /// When the last of them went.
    #[schema(value_type = Option<String>, format = DateTime)]
    results_at: Option<Timestamp>,
    /// When its checkpoints went; a resume has to bring one, or to start over.
    #[schema(value_type = Option<String>, format = DateTime)]
    checkpoint_at: Option<Timestamp>,
}

/// What a job has used, over all its attempts.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = JobUsage)]
pub(crate) struct UsageJson {
    run_time_ms: u64,
    cpu_time_ms: u64,
    peak_memory_bytes: u64,
    log_bytes: u64,
    result_bytes: u64,
    checkpoint_bytes: u64,
    /// Requests sent over HTTP.
    http_requests: u64,
    /// Bytes of bodies sent and received over HTTP.
    http_bytes: u64,
}

/// The answer that shows one job.
pub(crate) fn show(status: StatusCode, job: &Job, limits: &JobLimits) -> Response {
    json(status, &JobJson::new(job, limits))
}

impl<'j> JobJson<'j> {
    /// The job, beside the limits of this host.
    pub(crate) fn new(job: &'j Job, limits: &JobLimits) -> Self {
        let (error, stop) = match &job.state {
            JobState::Pending | JobState::Running | JobState::Completed { .. } => (None, None),
            JobState::Failed { error, .. } => (Some(error.into()), None),
            JobState::Stopped { stop, .. } => (None, Some((*stop).into())),
        };
        Self {
            id: job.id,
            module: (&job.module).into(),
            status: job.state.status(),
            inputs: &job.inputs,
            settings: &job.settings,
            max_duration: job.max_duration.map(DurationText),
            retry: job.retry.into(),
            retries: job.retries,
            run_after: job.run_after,
            attempt: job.attempt,
            created_at: job.created_at,
            started_at: job.started_at,
            finished_at: job.state.finished_at(),
            progress: job.progress.map(Into::into),
            error,
            stop,
            last_log_seq: job.last_log_seq,
            results: job.results,
            checkpoint_saved_at: job.checkpoint_saved_at,
            limits: (&job.limits.lower(limits.clone())).into(),
            usage: job.usage.into(),
            priority: job.priority,
            labels: &job.labels,
            queue: job.queue.as_ref().map(Into::into),
            unique_key: job.unique_key.as_ref().map(JobKey::as_str),
            schedule: job.schedule.as_ref().map(Into::into),
            keep: job.keep,
            removed: job.removed.into(),
            node: job.node,
        }
    }
}

impl<'j> From<&'j ModuleLabel> for ModuleLabelJson<'j> {
    fn from(label: &'j ModuleLabel) -> Self {
        Self { name: &label.name, version: &label.version, digest: label.digest }
    }
}

impl<'j> From<&'j JobSchedule> for JobScheduleJson<'j> {
    fn from(JobSchedule { id, name, scheduled_for }: &'j JobSchedule) -> Self {
        Self { id: *id, name: name.as_str(), scheduled_for: *scheduled_for }
    }
}

impl From<Progress> for ProgressJson {
    fn from(progress: Progress) -> Self {
        Self { done: progress.done, total: progress.total }
    }
}

impl<'j> From<&'j JobError> for JobErrorJson<'j> {
    fn from(error: &'j JobError) -> Self {
        Self { code: error.code, message: &error.message, backtrace: error.backtrace.as_deref() }
    }
}

impl From<Stopped> for StopJson {
    fn from(stop: Stopped) -> Self {
        Self { reason: stop.reason, forced: stop.forced }
    }
}

impl From<Removed> for RemovedJson {
    fn from(Removed { logs_to, logs_at, results_to, results_at, checkpoint_at }: Removed) -> Self {
        Self { logs_to, logs_at, results_to, results_at, checkpoint_at }
    }
}

impl From<Usage> for UsageJson {
    fn from(usage: Usage) -> Self {
        let Usage { run_time_ms, cpu_time_ms, peak_memory_bytes, log_bytes, result_bytes, checkpoint_bytes, http } =
            usage;
        Self {
            run_time_ms,
            cpu_time_ms,
            peak_memory_bytes,
            log_bytes,
            result_bytes,
            checkpoint_bytes,
            http_requests: http.requests,
            http_bytes: http.bytes,
        }
    }
}
