//! What this program shows of the server's answers. Fields that a later server adds are ignored.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::domain::Status;

/// A job.
#[derive(Debug, Clone, Deserialize)]
pub(in crate::cli) struct JobView {
    pub(in crate::cli) id: String,
    pub(in crate::cli) module: LabelView,
    pub(in crate::cli) status: Status,
    pub(in crate::cli) inputs: Box<RawValue>,
    pub(in crate::cli) settings: Box<RawValue>,
    pub(in crate::cli) max_duration: Option<String>,
    pub(in crate::cli) retry: Option<RetryView>,
    pub(in crate::cli) retries: Option<u32>,
    pub(in crate::cli) run_after: Option<String>,
    pub(in crate::cli) attempt: u32,
    pub(in crate::cli) created_at: String,
    pub(in crate::cli) started_at: Option<String>,
    pub(in crate::cli) finished_at: Option<String>,
    pub(in crate::cli) progress: Option<ProgressView>,
    pub(in crate::cli) error: Option<ErrorView>,
    pub(in crate::cli) stop: Option<StopReasonView>,
    pub(in crate::cli) last_log_seq: u64,
    pub(in crate::cli) results: u64,
    pub(in crate::cli) checkpoint_saved_at: Option<String>,
    pub(in crate::cli) usage: UsageView,
    #[serde(default)]
    pub(in crate::cli) priority: i64,
    #[serde(default)]
    pub(in crate::cli) labels: BTreeMap<String, String>,
    pub(in crate::cli) schedule: Option<JobScheduleView>,
    #[serde(default)]
    pub(in crate::cli) keep: bool,
    #[serde(default)]
    pub(in crate::cli) removed: RemovedView,
    pub(in crate::cli) node: Option<String>,
}

/// The schedule that started a job.
#[derive(Debug, Clone, Deserialize)]
pub(in crate::cli) struct JobScheduleView {
    pub(in crate::cli) name: String,
    pub(in crate::cli) scheduled_for: String,
}

#[derive(Debug, Clone, Deserialize)]
pub(in crate::cli) struct RetryView {
    pub(in crate::cli) max_attempts: u32,
    pub(in crate::cli) backoff: String,
}

/// How a job ended, in a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::cli) struct JobEnd {
    pub(in crate::cli) status: Status,
    /// Why it failed or was stopped.
    pub(in crate::cli) reason: Option<String>,
    pub(in crate::cli) backtrace: Option<String>,
}

impl JobView {
    /// How it ended.
    pub(in crate::cli) fn end(&self) -> JobEnd {
        let reason = match (&self.error, &self.stop) {
            (Some(error), _) => Some(format!("{}: {}", error.code, error.message)),
            (None, Some(stop)) if stop.forced => Some(format!("{}, forced", stop.reason)),
            (None, Some(stop)) => Some(stop.reason.clone()),
            (None, None) => None,
        };
        JobEnd { status: self.status, reason, backtrace: self.error.as_ref().and_then(|error| error.backtrace.clone()) }
    }
}

#[derive(Debug, Clone, Deserialize)]
pub(in crate::cli) struct LabelView {
    pub(in crate::cli) name: String,
    pub(in crate::cli) version: String,
    pub(in crate::cli) digest: String,
}

#[derive(Debug, Clone, Copy, Deserialize)]
pub(in crate::cli) struct ProgressView {
    pub(in crate::cli) done: u64,
    pub(in crate::cli) total: Option<u64>,
}

#[derive(Debug, Clone, Deserialize)]
pub(in crate::cli) struct ErrorView {
    pub(in crate::cli) code: String,
    pub(in crate::cli) message: String,
    pub(in crate::cli) backtrace: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub(in crate::cli) struct StopReasonView {
    pub(in crate::cli) reason: String,
    pub(in crate::cli) forced: bool,
}

#[derive(Debug, Clone, Copy, Deserialize)]
pub(in crate::cli) struct UsageView {
    pub(in crate::cli) run_time_ms: u64,
    pub(in crate::cli) cpu_time_ms: u64,
    pub(in crate::cli) peak_memory_bytes: u64,
    pub(in crate::cli) log_bytes: u64,
    pub(in crate::cli) result_bytes: u64,
    pub(in crate::cli) checkpoint_bytes: u64,
}

/// Lines of a log that were removed.
#[derive(Debug, Clone, Deserialize)]
pub(in crate::cli) struct GapView {
    pub(in crate::cli) from: u64,
    pub(in crate::cli) to: u64,
    pub(in crate::cli) reason: String,
}

/// What was removed of a job.
#[derive(Debug, Clone, Default, Deserialize)]
pub(in crate::cli) struct RemovedView {
    pub(in crate::cli) logs_to: u64,
    pub(in crate::cli) results_to: u64,
    pub(in crate::cli) checkpoint_at: Option<String>,
}

/// A module.
#[derive(Debug, Clone, Deserialize)]
pub(in crate::cli) struct ModuleView {
    pub(in crate::cli) id: String,
    pub(in crate::cli) digest: String,
    pub(in crate::cli) description: String,
    pub(in crate::cli) inputs_schema: Box<RawValue>,
    pub(in crate::cli) settings_schema: Box<RawValue>,
    pub(in crate::cli) size_bytes: u64,
    pub(in crate::cli) imports: Vec<String>,
    pub(in crate::cli) created_at: String,
    pub(in crate::cli) source: Option<String>,
    pub(in crate::cli) signed_by: Option<String>,
    pub(in crate::cli) trusted_comment: Option<String>,
}

/// What adding a module came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) enum Added {
    /// It is new, or replaced another.
    New,
    /// The same bytes were there already.
    Known,
}

/// What became of an upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::cli) enum Upload {
    /// The host has the module, under this name and version.
    Taken(String),
    /// The host refused it.
    Refused { status: u16, code: String, detail: String },
}

/// A result.
#[derive(Debug, Clone, Deserialize)]
pub(in crate::cli) struct ResultView {
    pub(in crate::cli) seq: u64,
    pub(in crate::cli) attempt: u32,
    pub(in crate::cli) provisional: bool,
    pub(in crate::cli) superseded: bool,
    pub(in crate::cli) data: Box<RawValue>,
}

/// What a stop request came to.
#[derive(Debug, Clone, Copy, Deserialize)]
pub(in crate::cli) struct StopView {
    pub(in crate::cli) stopped: bool,
    pub(in crate::cli) status: Status,
}

/// What became of many jobs.
#[derive(Debug, Clone, Deserialize)]
pub(in crate::cli) struct ManyView {
    pub(in crate::cli) done: u64,
    pub(in crate::cli) refused: Vec<RefusedView>,
    pub(in crate::cli) remaining: u64,
    pub(in crate::cli) next_cursor: Option<String>,
}

/// A job with which it was not done.
#[derive(Debug, Clone, Deserialize)]
pub(in crate::cli) struct RefusedView {
    pub(in crate::cli) id: String,
    pub(in crate::cli) error: DetailView,
}

/// Why something was refused.
#[derive(Debug, Clone, Deserialize)]
pub(in crate::cli) struct DetailView {
    pub(in crate::cli) detail: String,
}

/// A secret, without its value.
#[derive(Debug, Clone, Deserialize)]
pub(in crate::cli) struct SecretView {
    pub(in crate::cli) name: String,
    pub(in crate::cli) hosts: Vec<String>,
    pub(in crate::cli) updated_at: String,
}

/// The host as a whole.
#[derive(Debug, Clone, Deserialize)]
pub(in crate::cli) struct StatusView {
    pub(in crate::cli) version: String,
    pub(in crate::cli) uptime: String,
    pub(in crate::cli) modules: u64,
    pub(in crate::cli) jobs: CountsView,
    pub(in crate::cli) running: Vec<String>,
    pub(in crate::cli) nodes: Vec<NodeView>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
pub(in crate::cli) struct CountsView {
    pub(in crate::cli) pending: u64,
    pub(in crate::cli) running: u64,
    pub(in crate::cli) completed: u64,
    pub(in crate::cli) failed: u64,
    pub(in crate::cli) stopped: u64,
}

#[derive(Debug, Clone, Deserialize)]
pub(in crate::cli) struct NodeView {
    pub(in crate::cli) id: String,
    pub(in crate::cli) version: String,
    pub(in crate::cli) heartbeat_at: String,
    pub(in crate::cli) slots: u64,
    pub(in crate::cli) running: u64,
    pub(in crate::cli) guest_memory_bytes: u64,
    pub(in crate::cli) guest_memory_budget_bytes: u64,
}

/// A token, without its text.
#[derive(Debug, Clone, Deserialize)]
pub(in crate::cli) struct TokenView {
    pub(in crate::cli) id: String,
    pub(in crate::cli) name: String,
    pub(in crate::cli) scopes: Vec<String>,
    pub(in crate::cli) modules: Option<Vec<String>>,
    pub(in crate::cli) expires_at: Option<String>,
    pub(in crate::cli) last_used_at: Option<String>,
    pub(in crate::cli) revoked_at: Option<String>,
}

/// One entry of the audit log.
#[derive(Debug, Clone, Deserialize)]
pub(in crate::cli) struct AuditView {
    pub(in crate::cli) seq: u64,
    pub(in crate::cli) time: String,
    pub(in crate::cli) actor: String,
    pub(in crate::cli) action: String,
    pub(in crate::cli) object: Option<String>,
    pub(in crate::cli) status: u16,
    pub(in crate::cli) peer: String,
}
