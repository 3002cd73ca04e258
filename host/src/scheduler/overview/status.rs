//! What the host says about itself.

use std::time::Duration;

use crate::domain::{JobCounts, JobId, NodeId, Reach, Timestamp};
use crate::scheduler::node::VERSION;
use crate::scheduler::shared::Shared;
use crate::store::StoreError;

/// The host as a whole.
#[derive(Debug, Clone)]
pub struct HostStatus {
    /// The program's version.
    pub version: &'static str,
    /// For how long it has been up.
    pub uptime: Duration,
    /// How many modules there are.
    pub modules: u64,
    /// How many jobs stand where; some moments old where there are many.
    pub jobs: JobCounts,
    /// Since when the oldest could have run of the jobs that wait for nothing but a free slot.
    pub oldest_pending_at: Option<Timestamp>,
    /// The jobs that run now, newest first; at most 1,000.
    pub running: Vec<JobId>,
    /// The nodes that share the database.
    pub nodes: Vec<NodeStatus>,
}

impl HostStatus {
    /// The uptime as operators read it: its two largest units, such as `2h 15m`.
    pub fn uptime_text(&self) -> String {
        crate::domain::time::two_largest_units(self.uptime)
    }
}

/// One node.
#[derive(Debug, Clone)]
pub struct NodeStatus {
    /// Its boot id.
    pub id: NodeId,
    /// The program's version there.
    pub version: String,
    /// When it started.
    pub started_at: Timestamp,
    /// When it last said that it is alive.
    pub heartbeat_at: Timestamp,
    /// How many jobs it runs at once.
    pub slots: u32,
    /// How many it runs now.
    pub running: u32,
    /// What its guests hold in memory.
    pub guest_memory_bytes: u64,
    /// What they may hold together.
    pub guest_memory_budget_bytes: u64,
}

/// Reads the host's status. Of itself the node knows what others know from its last
/// heartbeat.
pub(in crate::scheduler) async fn read(shared: &Shared, reach: &Reach) -> Result<HostStatus, StoreError> {
    let nodes = shared.store.nodes().await?;
    let this = shared.membership.node();
    Ok(HostStatus {
        version: VERSION,
        uptime: shared.up_since.elapsed(),
        modules: shared.registry.count_reached(reach).await?,
        jobs: shared.counts.get(((), reach.clone()), shared.store.job_counts(reach)).await?,
        oldest_pending_at: shared.store.oldest_ready(reach).await?.filter(|ready| *ready <= shared.clock.now()),
        running: shared.store.running_jobs(reach).await?,
        nodes: nodes
            .into_iter()
            .map(|node| NodeStatus {
                id: node.id,
                version: node.version,
                started_at: node.started_at,
                // While nothing runs here, this answer is the heartbeat.
                heartbeat_at: if node.id == this { shared.clock.now() } else { node.heartbeat_at },
                slots: node.slots,
                running: node.running,
                guest_memory_bytes: if node.id == this {
                    shared.sandbox.guest_memory_bytes()
                } else {
                    node.guest_memory_bytes
                },
                guest_memory_budget_bytes: if node.id == this {
                    shared.sandbox.guest_memory_budget_bytes()
                } else {
                    node.guest_memory_budget_bytes
                },
            })
            .collect(),
    })
}
