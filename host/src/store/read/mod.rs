//! What is read back: one file a noun. Each read is one short statement or two; no cursor stays open while a reader
//! sends.

mod access;
mod attempts;
mod history;
mod job_page;
mod jobs;
mod logs;
mod modules;
mod nodes;
mod queue;
mod results;
mod retention;
mod rows;
mod schedules;
mod secrets;
mod webhooks;

pub(super) use access::{audit_page, token_counts, tokens};
pub(super) use attempts::attempt_page;
pub(super) use history::job_history;
pub(super) use job_page::{job_ids, job_page};
pub(super) use jobs::*;
pub(crate) use logs::PackedLine;
pub(super) use logs::log_page;
pub use modules::ModuleEntry;
pub(super) use modules::*;
pub use nodes::{NodeCounts, NodeRow};
pub(super) use nodes::{node_counts, nodes, stopping};
pub use queue::{Queue, Size};
pub(super) use queue::{database_bytes, oldest_ready, queue};
pub(super) use results::{checkpoint, result_page};
pub use retention::{EndedFilter, EndedJob, Having, RetentionRecord, Use};
pub(super) use retention::{account, count_ended, crowded_modules, ended_before, pages, retention_record};
pub(super) use rows::{digest, digest_or_null, grants, time};
pub(super) use schedules::{find_schedule, next_firings, now, schedule_page, schedule_runs};
pub use secrets::SealedSecret;
pub(super) use secrets::{find_secret, secrets};
pub use webhooks::{DueWebhook, SealedWebhook};
pub(super) use webhooks::{
    delivery_page, due_webhooks, enabled_webhooks, ended_jobs, find_delivery, find_webhook, webhook_counts, webhooks,
};
