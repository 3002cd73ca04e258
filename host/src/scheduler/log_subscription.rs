//! Following a job's log: what is stored first, then what comes, on one sequence without hole or repeat.

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::log_feed::Feed;
use super::shared::Shared;
use super::subscriptions::SubscriptionId;
use crate::domain::page::PAGE_MAX;
use crate::domain::{After, JobId, LogGap, LogLine, Status};
use crate::store::StoreError;

/// How long a follower waits for a hint before it looks by itself.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// What a follower of a log gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LogEvent {
    /// The next lines, in order, none missing.
    Lines(Vec<LogLine>),
    /// Lines that are gone (inclusive).
    Gap {
        /// The first of them.
        from: u64,
        /// The last of them.
        to: u64,
        /// Why they are gone.
        reason: &'static str,
    },
    /// The job has ended; nothing follows.
    End {
        /// How.
        status: Status,
        /// The number of its last line.
        last_seq: u64,
    },
}

/// Why a subscription ended before the job did.
#[derive(Debug, Clone, thiserror::Error)]
pub enum StreamCut {
    /// The host goes down; subscribe again at another time or place.
    #[error("the host is shutting down")]
    Shutdown,
    /// Somebody unsubscribed it, or the job was deleted.
    #[error("the subscription was ended")]
    Unsubscribed,
    /// The database did not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// One follower of one job's log. Holds one page at most, so a slow follower costs the host nothing.
pub struct LogSubscription {
    id: SubscriptionId,
    shared: Arc<Shared>,
    job: JobId,
    after: u64,
    feed: Feed,
    unsubscribed: CancellationToken,
    stage: Stage,
}

enum Stage {
    /// There may be more to read right now.
    Read,
    /// Everything stored was read.
    Wait,
    /// All lines were told.
    Ending { status: Status, last_seq: u64 },
    /// The end was told.
    Ended,
}

impl LogSubscription {
    /// Follows `job` from the line after `after`; `None` when the node has as many followers as it may.
    pub(super) fn open(shared: &Arc<Shared>, job: JobId, after: u64) -> Option<Self> {
        let (id, unsubscribed) = shared.subscriptions.open(shared.node_limits.log_streams)?;
        let feed = shared.feeds.listen(job);
        Some(Self { id, shared: Arc::clone(shared), job, after, feed, unsubscribed, stage: Stage::Read })
    }

    /// Its name, for `unsubscribe_logs`.
    pub fn id(&self) -> SubscriptionId {
        self.id
    }

    /// The next event; waits for it. `None` after the end. The future may be dropped and the call repeated: nothing is
    /// lost by it.
    pub async fn next(&mut self) -> Result<Option<LogEvent>, StreamCut> {
        loop {
            match self.stage {
                Stage::Ended => return Ok(None),
                Stage::Ending { status, last_seq } => {
                    self.stage = Stage::Ended;
                    return Ok(Some(LogEvent::End { status, last_seq }));
                }
                Stage::Wait => self.wait().await?,
                Stage::Read => {
                    if let Some(event) = self.read().await? {
                        return Ok(Some(event));
                    }
                }
            }
        }
    }

    async fn wait(&mut self) -> Result<(), StreamCut> {
        tokio::select! {
            () = self.unsubscribed.cancelled() => return Err(StreamCut::Unsubscribed),
            () = self.shared.closing.cancelled() => return Err(StreamCut::Shutdown),
            () = self.feed.rung() => {}
            () = tokio::time::sleep(LOOK_AGAIN) => {}
        }
        self.stage = Stage::Read;
        Ok(())
    }

    async fn read(&mut self) -> Result<Option<LogEvent>, StreamCut> {
        let part = After { after: self.after, limit: PAGE_MAX };
        let page = self.shared.store.logs(self.job, part).await?.ok_or(StreamCut::Unsubscribed)?;
        if let Some(LogGap { from, to }) = page.gap {
            self.after = to;
            return Ok(Some(LogEvent::Gap { from, to, reason: LogGap::REASON }));
        }
        self.after = page.next_after;
        if page.ended() {
            self.stage = Stage::Ending { status: page.status, last_seq: page.last_seq };
        } else if page.lines.is_empty() {
            self.stage = Stage::Wait;
        }
        Ok((!page.lines.is_empty()).then_some(LogEvent::Lines(page.lines)))
    }
}

impl Drop for LogSubscription {
    fn drop(&mut self) {
        self.shared.subscriptions.end(self.id);
    }
}
