//! Hears what other nodes have changed, for those that watch all jobs on this one.

use std::sync::Arc;

use crate::scheduler::shared::Shared;
use crate::store::OthersChanges;

/// Looks again and again, until the node has left.
pub(super) async fn run(shared: Arc<Shared>, mut others: OthersChanges) {
    loop {
        if let Err(error) = others.look().await {
            tracing::debug!(%error, "what other nodes have changed could not be looked at");
        }
        tokio::select! {
            () = shared.closing.cancelled() => return,
            () = tokio::time::sleep(others.pause()) => {}
        }
    }
}
