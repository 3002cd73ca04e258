//! Hears what was asked of this node's jobs on other nodes.

use std::sync::Arc;

use crate::scheduler::shared::{Shared, within};

/// Passes stop requests on, until the node has left. A request is a column in the database; the hint only makes it
/// quick.
pub(super) async fn run(shared: Arc<Shared>) {
    let hint = shared.store.stops_hint();
    loop {
        let was_told = tokio::select! {
            () = shared.closing.cancelled() => return,
            () = hint.notified() => true,
            () = tokio::time::sleep(within(shared.node_limits.poll)) => false,
        };
        // A hint may mean a job that was claimed this moment and whose attempt has not begun.
        if !was_told && shared.attempts.count() == 0 {
            continue;
        }
        match shared.store.stopping(shared.membership.node()).await {
            Ok(claims) => claims.into_iter().for_each(|claim| shared.attempts.request_stop(claim)),
            Err(error) => tracing::warn!(%error, "stop requests could not be looked for"),
        }
    }
}
