//! The node's lease: it says that it is alive, and stops running anything before others may believe that it is not.
//!
//! On an OS thread of its own with a runtime of its own: neither a guest nor a stalled task can hold it up. The lease
//! is measured from when a beat was *sent*, on a clock that counts suspension too, so the node's own end of the lease
//! always comes before the database's.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use tokio::runtime::Runtime;
use tokio::time::timeout;

use super::boot_clock::since_boot;
use super::{recovery, register};
use crate::domain::NodeId;
use crate::scheduler::shared::Shared;
use crate::store::{Beat, Gone, LeaseLink, StoreError, Vitals, Write};

/// Between two looks at the clock.
const TICK: Duration = Duration::from_millis(100);
/// Between two tries while the database does not answer.
const AGAIN: Duration = Duration::from_millis(500);

/// Starts the thread. It ends when the node has left.
pub(super) fn start(shared: Arc<Shared>, link: LeaseLink) -> Result<(), StoreError> {
    let refuse = |error: std::io::Error| StoreError::Unavailable(format!("no thread for the lease: {error}"));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(refuse)?;
    let good_until = since_boot() + shared.node_limits.good_for();
    let holder = Holder { shared, link, runtime, good_until, next_beat: Duration::ZERO };
    thread::Builder::new().name("cofferdam-lease".to_owned()).spawn(move || holder.run()).map_err(refuse)?;
    Ok(())
}

struct Holder {
    shared: Arc<Shared>,
    link: LeaseLink,
    runtime: Runtime,
    /// Until when this node may run jobs, unless another beat gets through.
    good_until: Duration,
    next_beat: Duration,
}

impl Holder {
    fn run(mut self) {
        while !self.shared.closing.is_cancelled() {
            let now = since_boot();
            if self.shared.membership.is_fenced() {
                self.join_again();
            } else if now >= self.good_until {
                self.fence("the database did not answer in time");
            } else if now >= self.next_beat {
                self.beat(now);
            }
            thread::sleep(TICK);
        }
    }

    /// Says that the node is alive. Does not wait beyond the lease for the answer.
    fn beat(&mut self, sent: Duration) {
        let shared = &self.shared;
        let vitals = Vitals {
            node: shared.membership.node(),
            at: shared.clock.now(),
            lease: shared.node_limits.lease,
            guest_memory_bytes: shared.sandbox.guest_memory_bytes(),
            guest_memory_budget_bytes: shared.sandbox.guest_memory_budget_bytes(),
        };
        let left = self.good_until.saturating_sub(sent);
        match self.runtime.block_on(async { timeout(left, self.link.beat(vitals)).await }) {
            Ok(Ok(Beat::Alive)) => {
                self.good_until = sent + shared.node_limits.good_for();
                self.next_beat = sent + shared.node_limits.heartbeat();
            }
            Ok(Ok(Beat::Dead)) => self.fence("other nodes have taken its jobs over"),
            Ok(Err(error)) => {
                tracing::warn!(%error, "the node could not say that it is alive");
                self.next_beat = since_boot() + AGAIN;
            }
            // The clock says the rest.
            Err(_) => {}
        }
    }

    /// Stops everything that runs: others may have begun to run it.
    fn fence(&self, reason: &str) {
        if self.shared.membership.fence() {
            let (node, jobs) = (self.shared.membership.node(), self.shared.attempts.count());
            tracing::error!(%node, jobs, reason, "this node's lease is lost: its jobs are interrupted and go on elsewhere");
            self.shared.attempts.lose_all();
        }
    }

    /// Comes back under another id, once nothing of the old one runs any more.
    fn join_again(&mut self) {
        if self.shared.attempts.count() > 0 {
            return;
        }
        let (old, new) = (self.shared.membership.node(), NodeId::new());
        let sent = since_boot();
        match self.runtime.block_on(rejoin(&self.shared, old, new)) {
            Ok(()) => {
                self.good_until = sent + self.shared.node_limits.good_for();
                self.next_beat = sent;
                self.shared.membership.join_as(new);
                self.shared.bell.notify_one();
                tracing::info!(%old, %new, "this node takes part again, under another id");
            }
            Err(error) => {
                tracing::debug!(%error, "this node cannot take part again yet");
                thread::sleep(AGAIN);
            }
        }
    }
}

/// Gives up what the old id still owns, and makes the new one known.
async fn rejoin(shared: &Shared, old: NodeId, new: NodeId) -> Result<(), StoreError> {
    shared.store.write(Write::LeaveNode(old, shared.clock.now())).await?;
    recovery::take_back(shared, Gone::Nobody).await?;
    register::register(shared, new).await
}
