//! The nodes that are up.

use super::rows::time;
use crate::domain::{Claim, JobId, NodeId, Timestamp};
use crate::store::StoreError;
use crate::store::session::{Row, Session, mismatch};
use crate::store::sql::Statement;

/// A node as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeRow {
    /// Its boot id.
    pub id: NodeId,
    /// The program's version there.
    pub version: String,
    /// Jobs it runs at once.
    pub slots: u32,
    /// When it started.
    pub started_at: Timestamp,
    /// When it last said that it is alive.
    pub heartbeat_at: Timestamp,
    /// How many jobs it runs.
    pub running: u32,
    /// What its guests held in memory then.
    pub guest_memory_bytes: u64,
    /// What they may hold together.
    pub guest_memory_budget_bytes: u64,
}

static NODES: Statement = Statement::new(
    "SELECT id, version, slots, started_at, heartbeat_at,
            (SELECT count(*) FROM job WHERE job.owner = node.id AND job.status = 'running'),
            guest_memory_bytes, guest_memory_budget_bytes
     FROM node WHERE state = 'up' ORDER BY started_at",
);

/// The nodes that are up, oldest first.
pub(in crate::store) async fn nodes<S: Session>(session: &mut S) -> Result<Vec<NodeRow>, StoreError> {
    let rows = session.query(&NODES, vec![]).await?;
    rows.into_iter()
        .map(|mut row| {
            Ok(NodeRow {
                id: NodeId::from_uuid(row.uuid("node.id")?),
                version: row.text("node.version")?,
                slots: row.small("node.slots")?,
                started_at: time(&mut row, "node.started_at")?,
                heartbeat_at: time(&mut row, "node.heartbeat_at")?,
                running: row.small("count")?,
                guest_memory_bytes: row.count("node.guest_memory_bytes")?,
                guest_memory_budget_bytes: row.count("node.guest_memory_budget_bytes")?,
            })
        })
        .collect()
}

/// How many nodes there are, told apart by whether their jobs have to be taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NodeCounts {
    /// Those that are up, by their own word.
    pub up: u64,
    /// Those that have left or whose word does not hold any more.
    pub gone: u64,
    /// Whether something is due to be sent to a webhook, by whichever node.
    pub has_deliveries_due: bool,
}

static NODE_COUNTS: Statement = Statement::new(
    "SELECT count(CASE WHEN state = 'up' AND (lease_until IS NULL OR lease_until >= {now}) THEN 1 END), count(*),
            (SELECT count(*) FROM webhook WHERE enabled = 1 AND EXISTS (
                 SELECT 1 FROM webhook_delivery
                 WHERE webhook_delivery.webhook_id = webhook.id AND webhook_delivery.state = 'waiting'
                   AND webhook_delivery.due_at <= {now}))
     FROM node",
);

/// Looks at few rows, so it may be asked often.
pub(in crate::store) async fn node_counts<S: Session>(session: &mut S) -> Result<NodeCounts, StoreError> {
    let mut rows = session.query(&NODE_COUNTS, vec![]).await?;
    let row = rows.first_mut().ok_or_else(|| mismatch("node", "a count has one row"))?;
    let (up, all) = (row.count("up")?, row.count("all")?);
    let has_deliveries_due = row.count("due")? > 0;
    Ok(NodeCounts { up, gone: all - up, has_deliveries_due })
}

static STOPPING: Statement = Statement::new(
    "SELECT id, fence FROM job WHERE owner = $1 AND status = 'running' AND stop_requested_at IS NOT NULL",
);

/// The claims under which a node runs jobs that were asked to stop.
pub(in crate::store) async fn stopping<S: Session>(session: &mut S, node: NodeId) -> Result<Vec<Claim>, StoreError> {
    let rows = session.query(&STOPPING, vec![node.uuid().into()]).await?;
    let claim = |mut row: Row| {
        let job = JobId::from_uuid(row.uuid("job.id")?);
        Ok(Claim::granted(job, row.int("job.fence")?, node))
    };
    rows.into_iter().map(claim).collect()
}
