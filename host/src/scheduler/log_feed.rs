//! Tells followers that a job has more to read. Only hints: whoever is told reads the database, and whoever is not told
//! looks again within a second.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::watch;

use crate::domain::JobId;

/// The bells of the jobs that somebody follows.
#[derive(Default)]
pub(super) struct LogFeeds {
    bells: Mutex<HashMap<JobId, watch::Sender<u64>>>,
}

/// Rings when its job has more to read, or has ended.
pub(super) struct Feed {
    feeds: Arc<LogFeeds>,
    job: JobId,
    bell: watch::Receiver<u64>,
}

impl LogFeeds {
    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<JobId, watch::Sender<u64>>> {
        self.bells.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Something of this job was committed.
    pub(super) fn ring(&self, job: JobId) {
        if let Some(bell) = self.lock().get(&job) {
            bell.send_modify(|rung| *rung += 1);
        }
    }

    /// Listens for a job. What was committed before is not told: read first, then wait.
    pub(super) fn listen(self: &Arc<Self>, job: JobId) -> Feed {
        let bell = self.lock().entry(job).or_insert_with(|| watch::Sender::new(0)).subscribe();
        Feed { feeds: Arc::clone(self), job, bell }
    }
}

impl Feed {
    /// Waits for the next ring; one that came since the last wait counts.
    pub(super) async fn rung(&mut self) {
        // The sender lives in the map for as long as this feed does.
        let _ = self.bell.changed().await;
    }
}

impl Drop for Feed {
    fn drop(&mut self) {
        let mut bells = self.feeds.lock();
        // This feed's own receiver is still counted.
        if bells.get(&self.job).is_some_and(|bell| bell.receiver_count() <= 1) {
            bells.remove(&self.job);
        }
    }
}
