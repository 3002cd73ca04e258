//! Watching all jobs: whenever some of them change, their newest state.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::log_subscription::StreamCut;
use super::shared::Shared;
use super::subscriptions::SubscriptionId;
use crate::domain::{ChangeCursor, JobId, JobSummary, Timestamp};

/// Changes that are looked at together.
const CHANGES: usize = 500;
/// How long a change waits for more of them: a job that starts and ends meanwhile is told once.
const GATHER: Duration = Duration::from_millis(20);

/// What a watcher is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JobNews {
    /// These have changed since the place before, and stand so now. Who goes on from `from` is told them again.
    Changed {
        /// Those that are there.
        jobs: Vec<JobSummary>,
        /// Those that were deleted.
        deleted: Vec<JobId>,
        /// When that was looked at.
        at: Timestamp,
        /// The place before them.
        from: ChangeCursor,
        /// The place after them.
        to: ChangeCursor,
    },
    /// More has changed than is remembered: everything has to be looked at anew.
    Reset {
        /// The place to go on from.
        to: ChangeCursor,
    },
}

/// One watcher. Holds no more than one look, so a slow one costs the host nothing.
pub struct JobWatch {
    id: SubscriptionId,
    shared: Arc<Shared>,
    cursor: ChangeCursor,
    growth: watch::Receiver<u64>,
    unsubscribed: CancellationToken,
}

impl JobWatch {
    /// Watches from a place on, or from now; `None` when the node has as many subscribers as it may.
    pub(super) fn open(shared: &Arc<Shared>, after: Option<ChangeCursor>) -> Option<Self> {
        let (id, unsubscribed) = shared.subscriptions.open(shared.node_limits.log_streams)?;
        let growth = shared.store.changes().watch();
        let cursor = after.unwrap_or_else(|| shared.store.changes().end());
        Some(Self { id, shared: Arc::clone(shared), cursor, growth, unsubscribed })
    }

    /// Its name, for `unsubscribe_logs`.
    pub fn id(&self) -> SubscriptionId {
        self.id
    }

    /// The next news; waits for it. The future may be dropped and the call repeated: nothing is lost by it.
    pub async fn next(&mut self) -> Result<JobNews, StreamCut> {
        loop {
            self.growth.mark_unchanged();
            let changes = self.shared.store.changes();
            let Some((jobs_changed, to)) = changes.after(self.cursor, CHANGES) else {
                let to = changes.end();
                self.cursor = to;
                return Ok(JobNews::Reset { to });
            };
            if jobs_changed.is_empty() {
                self.wait().await?;
                continue;
            }
            let at = self.shared.clock.now();
            let jobs = self.shared.store.job_summaries(&jobs_changed).await?;
            let there: HashSet<JobId> = jobs.iter().map(|job| job.id).collect();
            let deleted = jobs_changed.into_iter().filter(|job| !there.contains(job)).collect();
            let from = std::mem::replace(&mut self.cursor, to);
            return Ok(JobNews::Changed { jobs, deleted, at, from, to });
        }
    }

    async fn wait(&mut self) -> Result<(), StreamCut> {
        tokio::select! {
            () = self.unsubscribed.cancelled() => Err(StreamCut::Unsubscribed),
            () = self.shared.closing.cancelled() => Err(StreamCut::Shutdown),
            // The sender lives as long as the store.
            _ = self.growth.changed() => {
                tokio::time::sleep(GATHER).await;
                Ok(())
            }
        }
    }
}

impl Drop for JobWatch {
    fn drop(&mut self) {
        self.shared.subscriptions.end(self.id);
    }
}
