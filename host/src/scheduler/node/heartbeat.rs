//! Says that the node is alive where one process owns the database: nobody waits for it, it only bounds how much run
//! time a crash gives back.

use std::sync::Arc;
use std::time::Duration;

use crate::scheduler::shared::Shared;
use crate::store::{Answer, Write};

/// How often, while jobs run. A crash gives back at most this much run time.
const HEARTBEAT: Duration = Duration::from_secs(1);

/// Runs until the node has left.
pub(super) async fn run(shared: Arc<Shared>) {
    loop {
        tokio::select! {
            () = shared.closing.cancelled() => return,
            () = tokio::time::sleep(HEARTBEAT) => {}
        }
        if shared.attempts.count() == 0 {
            continue;
        }
        let node = shared.membership.node();
        match shared.store.write(Write::Heartbeat(node, shared.clock.now())).await {
            Ok(Answer::NotMatched) => tracing::error!(%node, "this node is not known any more"),
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, "the heartbeat was not stored"),
        }
    }
}
