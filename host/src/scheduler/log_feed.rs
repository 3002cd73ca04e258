//! Tells followers what a job has more to read: the newest lines and its end where this node knows them, or only that
//! there is something, for which they read the database. Whoever is not told looks again within a second.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use tokio::sync::watch;

use crate::domain::{JobId, LogLine, Status};
use crate::store::{LogChunk, PackedLine};

/// Lines of more text than this are not kept for followers: they come so fast that a page of the database is as good.
const KEPT_BYTES: usize = 16 << 10;

/// The bells of the jobs that somebody follows.
#[derive(Default)]
pub(super) struct LogFeeds {
    bells: Mutex<HashMap<JobId, watch::Sender<News>>>,
}

/// What was committed while somebody listens.
#[derive(Default)]
struct News {
    /// How often something was committed of which nothing else is said here.
    unsaid: u64,
    /// The number of the last line.
    last_seq: u64,
    /// The newest lines, unless they are many.
    lines: Option<Arc<NewLines>>,
    /// How the job has ended, and the number of its last line.
    end: Option<(Status, u64)>,
}

/// Lines as they were stored; read once, by the first who needs them.
pub(super) struct NewLines {
    first_seq: u64,
    attempt: u32,
    json: String,
    lines: OnceLock<Vec<LogLine>>,
}

impl NewLines {
    /// Those of a chunk, unless they are too many to keep.
    pub(super) fn of(chunk: &LogChunk) -> Option<Self> {
        let LogChunk { attempt, first_seq, ref lines, .. } = *chunk;
        (lines.len() <= KEPT_BYTES).then(|| Self {
            first_seq,
            attempt: attempt.number,
            json: lines.clone(),
            lines: OnceLock::new(),
        })
    }

    fn read(&self) -> &[LogLine] {
        self.lines.get_or_init(|| {
            let packed: Vec<PackedLine> = serde_json::from_str(&self.json).expect("it was packed here");
            (self.first_seq..).zip(packed).map(|(seq, line)| line.unpack(seq, self.attempt)).collect()
        })
    }
}

/// Rings when its job has more to read, or has ended.
pub(super) struct Feed {
    feeds: Arc<LogFeeds>,
    job: JobId,
    bell: watch::Receiver<News>,
    /// What was unsaid when the database was last to be read.
    unsaid: u64,
}

/// What a reader of a log hears.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Heard {
    /// Nothing that he has not.
    Nothing,
    /// His next lines.
    Lines(Vec<LogLine>),
    /// The job has ended, and he has all of it.
    End(Status),
    /// Only the database knows.
    More,
}

impl LogFeeds {
    fn lock(&self) -> MutexGuard<'_, HashMap<JobId, watch::Sender<News>>> {
        self.bells.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether anybody listens for a job.
    pub(super) fn is_followed(&self, job: JobId) -> bool {
        self.lock().contains_key(&job)
    }

    /// Something of this job was committed, perhaps that it goes on after its end.
    pub(super) fn ring(&self, job: JobId) {
        let look = |news: &mut News| (news.unsaid, news.end) = (news.unsaid + 1, None);
        self.tell(job, look, true);
    }

    /// What was told of this job is all that was committed.
    pub(super) fn ring_said(&self, job: JobId) {
        self.tell(job, |_| {}, true);
    }

    /// Lines up to this number were committed. To be followed by a ring.
    pub(super) fn tell_lines(&self, job: JobId, last_seq: u64, lines: Option<NewLines>) {
        let lines = lines.map(Arc::new);
        let tell = |news: &mut News| (news.last_seq, news.lines) = (last_seq, lines);
        self.tell(job, tell, false);
    }

    /// The job has ended, with this as its last line. To be followed by a ring.
    pub(super) fn tell_end(&self, job: JobId, status: Status, last_seq: u64) {
        self.tell(job, |news| news.end = Some((status, last_seq)), false);
    }

    fn tell(&self, job: JobId, tell: impl FnOnce(&mut News), rings: bool) {
        if let Some(bell) = self.lock().get(&job) {
            bell.send_if_modified(|news| {
                tell(news);
                rings
            });
        }
    }

    /// Listens for a job. What was committed before is not told: read first, then wait.
    pub(super) fn listen(self: &Arc<Self>, job: JobId) -> Feed {
        let mut bells = self.lock();
        let bell = bells.entry(job).or_insert_with(|| watch::Sender::new(News::default()));
        // What was said before may be about an end from which the job was resumed. Who has not heard it reads instead.
        bell.send_if_modified(|news| {
            *news = News { unsaid: news.unsaid + 1, ..News::default() };
            false
        });
        let (unsaid, bell) = (bell.borrow().unsaid, bell.subscribe());
        drop(bells);
        Feed { feeds: Arc::clone(self), job, bell, unsaid }
    }
}

impl Feed {
    /// Waits for the next ring; one that came since the last wait counts.
    pub(super) async fn rung(&mut self) {
        // The sender lives in the map for as long as this feed does.
        let _ = self.bell.changed().await;
    }

    /// What there is after a line, for whoever has all up to it.
    pub(super) fn hear(&mut self, after: u64) -> Heard {
        let news = self.bell.borrow_and_update();
        if let Some(new) = news.lines.clone().filter(|new| new.first_seq == after + 1) {
            // Whoever has more to tell need not wait until these are read.
            drop(news);
            return Heard::Lines(new.read().to_vec());
        }
        if let Some((status, _)) = news.end.filter(|(_, last_seq)| *last_seq == after) {
            return Heard::End(status);
        }
        let is_unsaid = std::mem::replace(&mut self.unsaid, news.unsaid) != news.unsaid;
        if is_unsaid || news.last_seq > after { Heard::More } else { Heard::Nothing }
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

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;
    use crate::domain::{Claim, LogLevel, LogSource, NodeId, Timestamp};
    use crate::store::Attempt;

    const AT: i64 = 1_700_000_000_000;

    fn chunk(job: JobId, first_seq: u64, messages: &[&str]) -> LogChunk {
        let packed: Vec<_> =
            messages.iter().map(|message| PackedLine(AT, LogLevel::Info, LogSource::Guest, false, *message)).collect();
        LogChunk {
            attempt: Attempt { claim: Claim::granted(job, 2, NodeId::new()), number: 2 },
            first_seq,
            last_seq: first_seq + messages.len() as u64 - 1,
            lines: serde_json::to_string(&packed).expect("JSON"),
            message_bytes: 0,
        }
    }

    fn tell(feeds: &LogFeeds, job: JobId, chunk: &LogChunk) {
        feeds.tell_lines(job, chunk.last_seq, NewLines::of(chunk));
    }

    fn line(seq: u64, message: &str) -> LogLine {
        let (time, level, source) = (Timestamp::from_millis(AT), LogLevel::Info, LogSource::Guest);
        LogLine { seq, time, attempt: 2, level, source, message: message.to_owned(), continued: false }
    }

    #[test]
    fn lines_and_the_end_are_heard_without_the_database() {
        let (feeds, job) = (Arc::new(LogFeeds::default()), JobId::new());
        assert!(!feeds.is_followed(job));
        let mut feed = feeds.listen(job);
        assert!(feeds.is_followed(job) && feed.rung().now_or_never().is_none());
        tell(&feeds, job, &chunk(job, 4, &["a", "b"]));
        feeds.tell_end(job, Status::Completed, 5);
        assert!(feed.rung().now_or_never().is_none(), "both ring when all is told");
        feeds.ring_said(job);
        assert!(feed.rung().now_or_never().is_some());
        assert_eq!(feed.hear(3), Heard::Lines(vec![line(4, "a"), line(5, "b")]));
        assert_eq!(feed.hear(5), Heard::End(Status::Completed));
        drop(feed);
        assert!(!feeds.is_followed(job));
    }

    #[test]
    fn who_has_missed_lines_reads_the_database_and_who_has_them_hears_nothing() {
        let (feeds, job) = (Arc::new(LogFeeds::default()), JobId::new());
        let (mut early, mut late) = (feeds.listen(job), feeds.listen(job));
        assert_eq!(early.hear(0), Heard::More, "somebody has come");
        tell(&feeds, job, &chunk(job, 1, &["a"]));
        tell(&feeds, job, &chunk(job, 2, &["b"]));
        assert_eq!((early.hear(0), late.hear(0)), (Heard::More, Heard::More));
        assert_eq!((early.hear(1), late.hear(2)), (Heard::Lines(vec![line(2, "b")]), Heard::Nothing));
        feeds.ring(job);
        assert_eq!((late.hear(2), late.hear(2)), (Heard::More, Heard::Nothing));
        let long = "x".repeat(KEPT_BYTES);
        tell(&feeds, job, &chunk(job, 3, &[&long]));
        assert_eq!(late.hear(2), Heard::More, "too long to be kept");
    }

    #[test]
    fn an_end_from_which_the_job_was_resumed_is_not_heard_by_who_comes_later() {
        let (feeds, job) = (Arc::new(LogFeeds::default()), JobId::new());
        let mut first = feeds.listen(job);
        feeds.tell_end(job, Status::Failed, 0);
        let mut second = feeds.listen(job);
        feeds.ring_said(job);
        assert_eq!(second.hear(0), Heard::Nothing);
        assert_eq!(first.hear(0), Heard::More);
        feeds.tell_end(job, Status::Failed, 0);
        feeds.ring(job);
        assert_eq!((first.hear(0), first.hear(0)), (Heard::More, Heard::Nothing));
    }
}
