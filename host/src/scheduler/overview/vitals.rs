//! Where this node and the queue stand, for who watches over them.

use std::time::Duration;

use crate::domain::Timestamp;
use crate::scheduler::retention;
use crate::scheduler::shared::Shared;
use crate::store::{Size, StoreError};

/// How this node, its database and the queue stand now.
#[derive(Debug, Clone, Copy)]
pub struct HostVitals {
    /// Jobs that wait, those that wait for their time included.
    pub pending: u64,
    /// Jobs that run, on any node.
    pub running: u64,
    /// For how long the oldest job that could run has waited.
    pub queue_age: Duration,
    /// Jobs that this node runs at once at most.
    pub slots: u32,
    /// Jobs that run on this node.
    pub slots_used: u32,
    /// Memory that this node's guests hold.
    pub guest_memory_bytes: u64,
    /// Memory that they may hold together.
    pub guest_memory_budget_bytes: u64,
    /// Nodes that are up.
    pub nodes: u64,
    /// Whether this node has lost its lease.
    pub is_fenced: bool,
    /// Streams of logs and events.
    pub streams: u64,
    /// Versions of modules.
    pub modules: u64,
    /// What the database takes, and what is left for it.
    pub size: Size,
    /// What it holds; `None` where that was not added up yet.
    pub used_bytes: Option<u64>,
    /// What it may hold.
    pub limit_bytes: Option<u64>,
}

pub(in crate::scheduler) async fn read(shared: &Shared) -> Result<HostVitals, StoreError> {
    let queue = shared.store.queue().await?;
    let now: Timestamp = shared.clock.now();
    let waited = queue.oldest_ready_at.filter(|ready_at| *ready_at <= now).map(|ready_at| now.since(ready_at));
    let retention = retention::report(shared).await?;
    Ok(HostVitals {
        pending: queue.pending,
        running: queue.running,
        queue_age: waited.unwrap_or_default(),
        slots: shared.node_limits.slots,
        slots_used: shared.attempts.count(),
        guest_memory_bytes: shared.sandbox.guest_memory_bytes(),
        guest_memory_budget_bytes: shared.sandbox.guest_memory_budget_bytes(),
        nodes: shared.store.node_counts().await?.up,
        is_fenced: shared.membership.is_fenced(),
        streams: shared.subscriptions.count(),
        modules: shared.registry.count().await?,
        size: shared.store.size().await?,
        used_bytes: retention.used_bytes,
        limit_bytes: retention.limit_bytes,
    })
}
