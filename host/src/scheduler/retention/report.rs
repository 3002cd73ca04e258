//! What the rules are, how full the database is, and what was removed.

use std::sync::Arc;

use crate::domain::RetentionRules;
use crate::scheduler::JobScheduler;
use crate::scheduler::shared::Shared;
use crate::store::{RetentionRecord, StoreError};

/// How retention stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetentionReport {
    /// The rules.
    pub rules: Arc<RetentionRules>,
    /// What the database holds; `None` where that was not added up yet.
    pub used_bytes: Option<u64>,
    /// What it may hold.
    pub limit_bytes: Option<u64>,
    /// What was removed, by whichever node.
    pub record: RetentionRecord,
}

impl JobScheduler {
    /// How retention stands.
    pub async fn retention(&self) -> Result<RetentionReport, StoreError> {
        report(&self.shared).await
    }
}

pub(in crate::scheduler) async fn report(shared: &Shared) -> Result<RetentionReport, StoreError> {
    let (store, rules) = (&shared.store, shared.retention.get());
    let record = store.retention_record().await?;
    let pages = store.database_use_of_pages().await?;
    let used_bytes = pages.map_or(record.used_bytes, |pages| Some(pages.used_bytes));
    let limit_bytes = rules.database.bytes(store.disk_bytes());
    Ok(RetentionReport { rules, used_bytes, limit_bytes, record })
}
