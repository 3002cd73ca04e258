//! Takes back what gone nodes ran. Any node does it for any other; each step is guarded, so two at once do no harm.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::boot_clock::since_boot;
use crate::measured;
use crate::scheduler::shared::{Shared, jittered};
use crate::store::{Answer, Gone, StoreError, Write};

/// How often a node looks for silent ones. Half of it more or less, so that nodes do not look in step.
const LOOK: Duration = Duration::from_secs(2);

/// Takes up again what was left running, at the start. Answers how many jobs go on.
pub(in crate::scheduler) async fn recover(shared: &Shared) -> Result<u64, StoreError> {
    let gone = if shared.store.is_shared() { Gone::Nobody } else { Gone::Others(shared.membership.node()) };
    take_back(shared, gone).await
}

/// Takes up again what nodes that are gone left running. Answers how many jobs go on.
pub(super) async fn take_back(shared: &Shared, gone: Gone) -> Result<u64, StoreError> {
    let answer = shared.store.write(Write::Recover(gone, shared.clock.now())).await?;
    shared.recovered.store(true, Ordering::Release);
    shared.bell.notify_one();
    let Answer::Recovered(recovered) = answer else { return Ok(0) };
    measured::NODES_DIED.add(recovered.died);
    measured::JOBS_RECOVERED.add(recovered.jobs.len() as u64);
    Ok(recovered.resumed)
}

/// Looks for nodes that have gone, until this one has left.
pub(super) async fn run(shared: Arc<Shared>) {
    loop {
        match look(&shared).await {
            Ok(0) => {}
            Ok(resumed) => tracing::info!(jobs = resumed, "jobs of nodes that are gone go on"),
            Err(error) => tracing::warn!(%error, "nodes that are gone could not be looked for"),
        }
        tokio::select! {
            () = shared.closing.cancelled() => return,
            () = tokio::time::sleep(jittered(LOOK)) => {}
        }
    }
}

async fn look(shared: &Shared) -> Result<u64, StoreError> {
    let nodes = shared.store.node_counts().await?;
    let membership = &shared.membership;
    membership.set_company(nodes.up > 1);
    if nodes.has_deliveries_due {
        shared.store.deliveries_hint().notify_one();
    }
    // A node that has lost its own lease gives its jobs back by itself, when it joins again.
    if nodes.gone == 0 || membership.is_fenced() {
        return Ok(0);
    }
    // What kept this node from the database has perhaps kept others from it: they too may have their time to come back.
    let is_back = since_boot() < membership.joined_again() + shared.node_limits.lease;
    let gone = if is_back { Gone::Nobody } else { Gone::Silent(membership.node()) };
    take_back(shared, gone).await
}
