//! The nodes that are up.

use super::rows::time;
use crate::domain::{NodeId, Timestamp};
use crate::store::StoreError;
use crate::store::session::Session;

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
}

const NODES: &str = "SELECT id, version, slots, started_at, heartbeat_at,
            (SELECT count(*) FROM job WHERE job.owner = node.id AND job.status = 'running')
     FROM node WHERE state = 'up' ORDER BY started_at";

/// The nodes that are up, oldest first.
pub(in crate::store) async fn nodes<S: Session>(session: &mut S) -> Result<Vec<NodeRow>, StoreError> {
    let rows = session.query(NODES, vec![]).await?;
    rows.into_iter()
        .map(|mut row| {
            Ok(NodeRow {
                id: NodeId::from_uuid(row.uuid("node.id")?),
                version: row.text("node.version")?,
                slots: row.small("node.slots")?,
                started_at: time(&mut row, "node.started_at")?,
                heartbeat_at: time(&mut row, "node.heartbeat_at")?,
                running: row.small("count")?,
            })
        })
        .collect()
}
