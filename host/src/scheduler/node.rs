//! This node in the database: it registers, says that it is alive, takes back what dead nodes ran, and leaves.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::shared::Shared;
use crate::store::{Answer, NewNode, StoreError, Write};

/// How often a node says that it is alive, while jobs run. A crash gives back at most this much run time.
const HEARTBEAT: Duration = Duration::from_secs(1);

/// The program's version.
pub(super) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Makes the node known. It must be before it claims anything.
pub(super) async fn register(shared: &Shared) -> Result<(), StoreError> {
    let node = NewNode { id: shared.node, version: VERSION, slots: shared.node_limits.slots, at: shared.clock.now() };
    shared.store.write(Write::RegisterNode(node)).await.map(drop)
}

/// Takes up again what other nodes left running. Answers how many jobs go on.
///
/// One process owns the database's folder, so every other node in it is dead.
pub(super) async fn recover(shared: &Shared) -> Result<u64, StoreError> {
    let answer = shared.store.write(Write::RecoverOthers(shared.node, shared.clock.now())).await?;
    shared.recovered.store(true, Ordering::Release);
    shared.bell.notify_one();
    Ok(if let Answer::Count(resumed) = answer { resumed } else { 0 })
}

/// Says that the node is alive, until it has left.
pub(super) async fn heartbeat(shared: Arc<Shared>) {
    loop {
        tokio::select! {
            () = shared.closing.cancelled() => return,
            () = tokio::time::sleep(HEARTBEAT) => {}
        }
        if shared.attempts.count() == 0 {
            continue;
        }
        match shared.store.write(Write::Heartbeat(shared.node, shared.clock.now())).await {
            Ok(Answer::NotMatched) => tracing::error!(node = %shared.node, "this node is not known any more"),
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, "the heartbeat was not stored"),
        }
    }
}

/// The node ends in good order.
pub(super) async fn leave(shared: &Shared) {
    if let Err(error) = shared.store.write(Write::LeaveNode(shared.node, shared.clock.now())).await {
        tracing::warn!(%error, "the node's leave was not stored");
    }
}
