//! The audit log: entries are handed over at once and written a moment later, many together, so that nobody who starts a
//! job waits for it. Who administers waits.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::domain::{AuditEntry, AuditLimits, Live};
use crate::store::{AuditBatch, Store, StoreError, Write};

/// How long entries gather: what a crash can lose of what nobody waits for.
const GATHER: Duration = Duration::from_millis(250);
/// Entries of one write.
const TOGETHER: usize = 1_000;
/// Entries that wait for a database out of reach; further ones are only counted.
const WAITING: usize = 10_000;

/// What waits to be written.
pub(super) struct AuditLog {
    limits: Live<AuditLimits>,
    waiting: Mutex<Waiting>,
    /// Rung when something waits.
    bell: Notify,
    /// One write at a time, so that entries keep their order.
    writing: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct Waiting {
    entries: VecDeque<AuditEntry>,
    lost: u64,
}

impl AuditLog {
    pub(super) fn new(limits: Live<AuditLimits>) -> Self {
        Self { limits, waiting: Mutex::default(), bell: Notify::new(), writing: tokio::sync::Mutex::default() }
    }

    /// Takes an entry; it is written soon.
    pub(super) fn push(&self, entry: AuditEntry) {
        let mut waiting = self.waiting();
        if waiting.entries.len() < WAITING {
            waiting.entries.push_back(entry);
        } else {
            waiting.lost += 1;
        }
        self.bell.notify_one();
    }

    /// Writes what waits.
    pub(super) async fn write(&self, store: &Store) -> Result<(), StoreError> {
        let _one = self.writing.lock().await;
        loop {
            let entries: Vec<_> = {
                let mut waiting = self.waiting();
                let together = waiting.entries.len().min(TOGETHER);
                waiting.entries.drain(..together).collect()
            };
            if entries.is_empty() {
                return Ok(());
            }
            let batch = AuditBatch { entries: entries.clone(), limits: *self.limits.get() };
            if let Err(error) = store.write(Write::AppendAudit(Box::new(batch))).await {
                let mut waiting = self.waiting();
                entries.into_iter().rev().for_each(|entry| waiting.entries.push_front(entry));
                return Err(error);
            }
            let lost = std::mem::take(&mut self.waiting().lost);
            if lost > 0 {
                tracing::error!(
                    entries = lost,
                    "entries of the audit log were lost while the database was out of reach"
                );
            }
        }
    }

    /// Writes what comes, a moment after it came, until the end.
    pub(super) async fn keep_writing(&self, store: &Store, closing: &CancellationToken) {
        while !closing.is_cancelled() {
            let gathered = async {
                self.bell.notified().await;
                sleep(GATHER).await;
            };
            tokio::select! {
                () = closing.cancelled() => {}
                () = gathered => {}
            }
            if let Err(error) = self.write(store).await {
                tracing::warn!(%error, "the audit log was not written");
                self.bell.notify_one();
            }
        }
    }

    fn waiting(&self) -> std::sync::MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
