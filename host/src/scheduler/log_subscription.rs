//! Following a job's log: what is stored first, then what comes, on one sequence without hole or repeat.

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::error::{JobNotFound, SubscribeError};
use super::log_feed::{Feed, Heard};
use super::shared::Shared;
use super::subscriptions::SubscriptionId;
use crate::domain::page::PAGE_MAX;
use crate::domain::{After, JobId, LogGap, LogLine, LogPage, Status};
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
    /// A page was read and not told yet.
    Page(LogPage),
    /// There may be more to read right now.
    Read,
    /// Everything stored was read.
    Wait,
    /// There may be more to hear right now.
    Hear,
    /// All lines were told.
    Ending { status: Status, last_seq: u64 },
    /// The end was told.
    Ended,
}

impl LogSubscription {
    /// Follows `job` from the line after `after`.
    pub(super) async fn open(shared: &Arc<Shared>, job: JobId, after: u64) -> Result<Self, SubscribeError> {
        let most = shared.node_limits.log_streams;
        let (id, unsubscribed) = shared.subscriptions.open(most).ok_or(SubscribeError::TooMany(most))?;
        let feed = shared.feeds.listen(job);
        let mut this = Self { id, shared: Arc::clone(shared), job, after, feed, unsubscribed, stage: Stage::Read };
        this.stage = Stage::Page(this.page().await?.ok_or(JobNotFound(job))?);
        Ok(this)
    }

    /// Its name, for `unsubscribe_logs`.
    pub fn id(&self) -> SubscriptionId {
        self.id
    }

    /// The next event; waits for it. `None` after the end. The future may be dropped and the call repeated: nothing is
    /// lost by it.
    pub async fn next(&mut self) -> Result<Option<LogEvent>, StreamCut> {
        loop {
            match std::mem::replace(&mut self.stage, Stage::Read) {
                Stage::Ended => {
                    self.stage = Stage::Ended;
                    return Ok(None);
                }
                Stage::Ending { status, last_seq } => {
                    self.stage = Stage::Ended;
                    return Ok(Some(LogEvent::End { status, last_seq }));
                }
                Stage::Page(page) => {
                    if let Some(event) = self.turn(page) {
                        return Ok(Some(event));
                    }
                }
                Stage::Read => {
                    let page = self.page().await?.ok_or(StreamCut::Unsubscribed)?;
                    self.stage = Stage::Page(page);
                }
                Stage::Hear => {
                    if let Some(event) = self.hear() {
                        return Ok(Some(event));
                    }
                }
                Stage::Wait => {
                    // If this future is dropped meanwhile, the next one waits on.
                    self.stage = Stage::Wait;
                    self.stage = self.wait().await?;
                }
            }
        }
    }

    async fn wait(&mut self) -> Result<Stage, StreamCut> {
        tokio::select! {
            () = self.unsubscribed.cancelled() => Err(StreamCut::Unsubscribed),
            () = self.shared.closing.cancelled() => Err(StreamCut::Shutdown),
            () = self.feed.rung() => Ok(Stage::Hear),
            () = tokio::time::sleep(LOOK_AGAIN) => Ok(Stage::Read),
        }
    }

    fn hear(&mut self) -> Option<LogEvent> {
        match self.feed.hear(self.after) {
            Heard::Lines(lines) => {
                self.after = lines.last().map_or(self.after, |line| line.seq);
                self.stage = Stage::Hear;
                return Some(LogEvent::Lines(lines));
            }
            Heard::End(status) => self.stage = Stage::Ending { status, last_seq: self.after },
            Heard::More => self.stage = Stage::Read,
            Heard::Nothing => self.stage = Stage::Wait,
        }
        None
    }

    /// The next page of the database; `None` when the job is not there.
    async fn page(&self) -> Result<Option<LogPage>, StoreError> {
        self.shared.store.logs(self.job, After { after: self.after, limit: PAGE_MAX }).await
    }

    fn turn(&mut self, page: LogPage) -> Option<LogEvent> {
        if let Some(LogGap { from, to }) = page.gap {
            self.after = to;
            self.stage = Stage::Read;
            return Some(LogEvent::Gap { from, to, reason: LogGap::REASON });
        }
        self.after = page.next_after;
        self.stage = if page.ended() {
            Stage::Ending { status: page.status, last_seq: page.last_seq }
        } else if page.lines.is_empty() {
            Stage::Wait
        } else {
            Stage::Read
        };
        (!page.lines.is_empty()).then_some(LogEvent::Lines(page.lines))
    }
}

impl Drop for LogSubscription {
    fn drop(&mut self) {
        self.shared.subscriptions.end(self.id);
    }
}
