//! What the API answers, as types. An unknown, missing or wrongly typed field is a failed test: they are the contract.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

/// A job's status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Status {
    Pending,
    Running,
    Completed,
    Failed,
    Stopped,
}

impl Status {
    pub(crate) const fn is_ended(self) -> bool {
        matches!(self, Self::Completed | Self::Failed | Self::Stopped)
    }
}

/// `GET /v1/jobs/{job_id}`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct JobView {
    pub(crate) id: String,
    pub(crate) module: ModuleLabel,
    pub(crate) status: Status,
    pub(crate) inputs: Map<String, Value>,
    pub(crate) settings: Map<String, Value>,
    #[serde(deserialize_with = "required")]
    pub(crate) max_duration: Option<String>,
    pub(crate) retry: Value,
    pub(crate) retries: u32,
    pub(crate) run_after: Option<String>,
    pub(crate) attempt: u32,
    pub(crate) created_at: String,
    #[serde(deserialize_with = "required")]
    pub(crate) started_at: Option<String>,
    #[serde(deserialize_with = "required")]
    pub(crate) finished_at: Option<String>,
    #[serde(deserialize_with = "required")]
    pub(crate) progress: Option<Progress>,
    #[serde(deserialize_with = "required")]
    pub(crate) error: Option<JobError>,
    #[serde(deserialize_with = "required")]
    pub(crate) stop: Option<Stop>,
    pub(crate) last_log_seq: u64,
    pub(crate) results: u64,
    #[serde(deserialize_with = "required")]
    pub(crate) checkpoint_saved_at: Option<String>,
    pub(crate) limits: Value,
    pub(crate) usage: Usage,
    pub(crate) priority: i64,
    pub(crate) labels: BTreeMap<String, String>,
    pub(crate) keep: bool,
    pub(crate) removed: Removed,
    #[serde(deserialize_with = "required")]
    pub(crate) queue: Option<Value>,
    #[serde(deserialize_with = "required")]
    pub(crate) unique_key: Option<String>,
    #[serde(deserialize_with = "required")]
    pub(crate) schedule: Option<JobSchedule>,
    #[serde(deserialize_with = "required")]
    pub(crate) node: Option<String>,
}

/// The schedule that started a job.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct JobSchedule {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) scheduled_for: String,
}

/// The module that a job runs.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ModuleLabel {
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) digest: String,
}

/// How far a job says it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Progress {
    pub(crate) done: u64,
    #[serde(deserialize_with = "required")]
    pub(crate) total: Option<u64>,
}

/// Why a job failed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct JobError {
    pub(crate) code: String,
    pub(crate) message: String,
    #[serde(deserialize_with = "required")]
    pub(crate) backtrace: Option<String>,
}

/// Why a job was stopped.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Stop {
    pub(crate) reason: String,
    pub(crate) forced: bool,
}

/// What a job used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Usage {
    pub(crate) run_time_ms: u64,
    pub(crate) cpu_time_ms: u64,
    pub(crate) peak_memory_bytes: u64,
    pub(crate) log_bytes: u64,
    pub(crate) result_bytes: u64,
    pub(crate) checkpoint_bytes: u64,
    pub(crate) http_requests: u64,
    pub(crate) http_bytes: u64,
}

/// What retention has taken from a job.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Removed {
    pub(crate) logs_to: u64,
    #[serde(deserialize_with = "required")]
    pub(crate) logs_at: Option<String>,
    pub(crate) results_to: u64,
    #[serde(deserialize_with = "required")]
    pub(crate) results_at: Option<String>,
    #[serde(deserialize_with = "required")]
    pub(crate) checkpoint_at: Option<String>,
}

/// Lines of a log that were removed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Gap {
    pub(crate) from: u64,
    pub(crate) to: u64,
    pub(crate) reason: String,
}

/// `POST /v1/jobs/{job_id}/stop`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StopAnswer {
    pub(crate) stopped: bool,
    pub(crate) status: Status,
}

/// A log line's level, mildest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Level {
    Trace,
    Debug,
    Info,
    Warn,
    Error,
    Critical,
}

/// Who wrote a log line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Source {
    Guest,
    Stdout,
    Stderr,
    Host,
}

/// A log line.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LogLine {
    pub(crate) seq: u64,
    pub(crate) time: String,
    pub(crate) attempt: u32,
    pub(crate) level: Level,
    pub(crate) source: Source,
    pub(crate) message: String,
    pub(crate) continued: bool,
}

/// `GET /v1/jobs/{job_id}/logs`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LogPage {
    pub(crate) lines: Vec<LogLine>,
    #[serde(deserialize_with = "required")]
    pub(crate) gap: Option<Gap>,
    pub(crate) next_after: u64,
    pub(crate) ended: bool,
}

/// What a log stream says.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase", deny_unknown_fields)]
pub(crate) enum Message {
    Log(LogLine),
    Gap { from: u64, to: u64, reason: String },
    End { status: Status, last_seq: u64 },
}

/// What `GET /v1/events` says.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase", deny_unknown_fields)]
pub(crate) enum HostEvent {
    Job {
        id: String,
        status: Status,
        attempt: u32,
        #[serde(deserialize_with = "required")]
        progress: Option<Progress>,
        #[serde(deserialize_with = "required")]
        node: Option<String>,
        time: String,
    },
    Deleted {
        id: String,
        time: String,
    },
    Reset,
}

impl HostEvent {
    /// How a job stands that the event is about.
    pub(crate) fn status_of(&self, job: &str) -> Option<Status> {
        match self {
            Self::Job { id, status, .. } if id == job => Some(*status),
            _ => None,
        }
    }
}

/// A result.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ResultRow {
    pub(crate) seq: u64,
    pub(crate) time: String,
    pub(crate) attempt: u32,
    pub(crate) provisional: bool,
    pub(crate) superseded: bool,
    pub(crate) data: Value,
}

/// `GET /v1/modules/{module_id}`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ModuleView {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) digest: String,
    pub(crate) description: String,
    pub(crate) inputs_schema: Value,
    pub(crate) settings_schema: Value,
    pub(crate) size_bytes: u64,
    pub(crate) imports: Vec<String>,
    pub(crate) grants: Value,
    pub(crate) limits: Map<String, Value>,
    pub(crate) created_at: String,
    pub(crate) source: Option<String>,
    pub(crate) signed_by: Option<String>,
    pub(crate) trusted_comment: Option<String>,
    /// Only in the answer to an upload.
    #[serde(default)]
    pub(crate) report: Option<Value>,
    #[serde(default)]
    pub(crate) prospect: Option<String>,
}

impl ModuleView {
    /// As every other answer shows it.
    pub(crate) fn without_report(self) -> Self {
        Self { report: None, ..self }
    }
}

/// `GET /v1/status`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StatusView {
    pub(crate) version: String,
    pub(crate) uptime: String,
    pub(crate) uptime_seconds: u64,
    pub(crate) modules: u64,
    pub(crate) jobs: JobCounts,
    #[serde(deserialize_with = "required")]
    pub(crate) oldest_pending_at: Option<String>,
    pub(crate) running: Vec<Value>,
    pub(crate) nodes: Vec<Value>,
}

/// How many jobs stand where.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct JobCounts {
    pub(crate) pending: u64,
    pub(crate) running: u64,
    pub(crate) completed: u64,
    pub(crate) failed: u64,
    pub(crate) stopped: u64,
}

/// A field that may be null and must be there; serde alone takes a missing `Option` for null.
fn required<'de, D: serde::Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    Option::deserialize(deserializer)
}
