//! Floor 0: what jobs and modules are, without any input or output.
//!
//! Owns the vocabulary (ids, statuses, outcomes, limits, time) and every decision that needs no database, no guest and
//! no clock of its own. Never uses tokio, sqlx, axum or wasmtime.

pub mod access;
pub mod change;
pub mod clock;
pub mod grants;
pub mod http_address;
pub mod id;
pub mod job;
pub mod json;
pub mod limits;
pub mod live;
pub mod log;
pub mod module;
pub mod module_ref;
pub mod outcome;
pub mod page;
pub mod rate;
pub mod retention;
pub mod retry;
pub mod schedule;
pub mod status;
pub mod time;
pub mod webhook;

pub use access::{
    Actor, AuditEntry, AuditLimits, AuditPage, InvalidScope, InvalidTokenName, NumberedEntry, Reach, Scope, Scopes,
    StoredToken, Token, TokenHash, TokenName,
};
pub use change::{ChangeCursor, JobSummary};
pub use clock::{Clock, ManualClock, SystemClock};
pub use grants::capability::{Access as CapabilityAccess, Capability};
pub use grants::secret::{InvalidSecretName, InvalidSecretValue, Secret, SecretName, SecretValue};
pub use grants::{Amount, Ceiling, GrantFault, Grants, LimitGrants};
pub use http_address::{HttpAddress, InvalidHttpAddress};
pub use id::{Claim, Digest, EventId, JobId, NodeId, ScheduleId, TokenId, WebhookId};
pub use job::history::{HistorySpan, HistoryStep, InvalidHistory, JobHistory};
pub use job::{
    HttpUsage, InvalidJobKey, InvalidLabels, InvalidPriority, InvalidSearch, Job, JobKey, JobQueue, JobState,
    LabelSelector, Labels, NewestQueue, Priority, Progress, Removed, RunUsage, SearchText, StartKey, StartRate, Usage,
};
pub use json::{InvalidJson, JsonObject};
pub use limits::{ClientLimits, CompileLimits, JobLimits, NodeLimits};
pub use live::Live;
pub use log::{LogLevel, LogLine, LogSource};
pub use module::{InvalidModuleInfo, Module, ModuleInfo, ModuleLabel, ModuleSignature, Provenance};
pub use module_ref::{InvalidModuleRef, ModuleRef};
pub use outcome::{AttemptEnd, AttemptOutcome, Conclusion, ErrorCode, JobError, StopCause, StopReason, Stopped};
pub use page::{
    After, AttemptPage, JobCounts, JobFilter, JobPage, LogGap, LogPage, ResultPage, Results, StoredAttempt,
    StoredCheckpoint, StoredResult,
};
pub use rate::TokenBucket;
pub use retention::{
    AgeOf, AgeRule, Ages, Budget, CountRule, DatabaseLimit, InvalidModuleRules, ModuleRules, RetentionReason,
    RetentionRules, Which,
};
pub use retry::RetryPolicy;
pub use schedule::{
    CatchUp, CatchUpPolicy, InvalidScheduleName, JobSchedule, JobTemplate, NextRun, Overlap, RunCause, Schedule,
    ScheduleName, SchedulePage, SchedulePlan, ScheduleRef, ScheduleRun, ScheduleRunPage, ScheduleRunWhat,
};
pub use status::{Event, Status};
pub use time::{InWords, Timestamp};
pub use webhook::{
    Delivery, DeliveryPage, DeliveryState, Ends, EventKind, Webhook, WebhookCounts, WebhookLimits, WebhookState,
};
