//! The first and the last word of a node.

use crate::domain::NodeId;
use crate::scheduler::shared::Shared;
use crate::store::{NewNode, StoreError, Write};

/// The program's version.
pub(in crate::scheduler) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Makes the node known. It must be before it claims anything.
pub(in crate::scheduler) async fn register(shared: &Shared, id: NodeId) -> Result<(), StoreError> {
    let lease = shared.store.is_shared().then_some(shared.node_limits.lease);
    let node = NewNode { id, version: VERSION, slots: shared.node_limits.slots, lease, at: shared.clock.now() };
    shared.store.write(Write::RegisterNode(node)).await?;
    tracing::info!(node = %id, "this node takes part");
    Ok(())
}

/// The node ends in good order.
pub(in crate::scheduler) async fn leave(shared: &Shared) {
    let node = shared.membership.node();
    if let Err(error) = shared.store.write(Write::LeaveNode(node, shared.clock.now())).await {
        tracing::warn!(%error, "the node's leave was not stored");
    }
}
