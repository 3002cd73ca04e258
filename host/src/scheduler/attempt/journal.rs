//! What an attempt writes, in its order: numbers lines and results, packs lines into chunks, hands writes over, and
//! holds the guest back while too much is under way.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use super::log_chunk::{CHUNK_BYTES, ChunkBuilder, Line};
use super::stop_signal::StopSignal;
use crate::domain::{
    Claim, ErrorCode, JobError, JobLimits, JsonObject, LogLevel, LogSource, Progress, RunUsage, Timestamp, TokenBucket,
    log,
};
use crate::scheduler::log_feed::{LogFeeds, NewLines};
use crate::store::{
    Answer, Attempt, ClaimedJob, Finish, LogChunk, NewCheckpoint, NewResult, OnCommit, Place, Store, StoreError, Write,
};

/// Bytes of one attempt that may be handed over and not yet committed.
const UNDER_WAY_BYTES: usize = 4 << 20;

/// Results that wait for more, at most.
const RESULTS: usize = 64;

/// What a line costs beside its text: numbers, time, and its share of a chunk.
const LINE_BYTES: usize = 32;

/// The writing end of an attempt. Behind an async lock: whoever holds it decides the order.
pub(super) struct Journal {
    pub(super) store: Store,
    pub(super) attempt: Attempt,
    limits: JobLimits,
    feeds: Arc<LogFeeds>,
    signal: Arc<StopSignal>,
    under_way: Arc<Semaphore>,
    chunk: ChunkBuilder,
    /// Results that are not handed over yet.
    results: Vec<NewResult>,
    bucket: TokenBucket,
    last_log_seq: u64,
    last_result_seq: u64,
    log_bytes: u64,
    result_bytes: u64,
    dropped_lines: u64,
    /// What was handed over of what the run has used.
    usage: RunUsage,
}

/// What a write came to.
type Committed = Result<Answer, StoreError>;
/// Told of it.
type Told = oneshot::Receiver<Committed>;

/// Room for what is handed over at once, in the attempt's own share and in the store.
struct Room {
    share: OwnedSemaphorePermit,
    place: Place,
}

/// A guest's line was taken, perhaps with something to do.
pub(super) enum Logged {
    /// Nothing more to do.
    Kept,
    /// The guest logs too fast and has to wait this long.
    Wait(Duration),
}

impl Journal {
    pub(super) fn new(
        store: Store,
        job: &ClaimedJob,
        limits: JobLimits,
        feeds: Arc<LogFeeds>,
        signal: Arc<StopSignal>,
    ) -> Self {
        let bucket = TokenBucket::full(limits.log_rate_bytes_per_s, limits.log_burst_bytes, Instant::now());
        Self {
            store,
            attempt: job.attempt,
            limits,
            feeds,
            signal,
            under_way: Arc::new(Semaphore::new(UNDER_WAY_BYTES)),
            chunk: ChunkBuilder::new(),
            results: Vec::new(),
            bucket,
            last_log_seq: job.last_log_seq,
            last_result_seq: job.last_result_seq,
            log_bytes: job.log_bytes,
            result_bytes: job.result_bytes,
            dropped_lines: 0,
            usage: RunUsage::default(),
        }
    }

    /// Takes a line of the guest if that needs neither waiting nor cutting; answers whether it did.
    pub(super) fn try_log_guest(&mut self, line: Line<'_>) -> bool {
        let bytes = line.message.len();
        let fits = bytes as u64 <= self.limits.log_line_bytes
            && self.log_bytes + bytes as u64 <= self.limits.log_bytes
            && self.chunk.bytes() + bytes < CHUNK_BYTES
            && self.bucket.try_take(bytes + LINE_BYTES);
        if fits {
            self.log_bytes += bytes as u64;
            self.chunk.push(line);
        }
        fits
    }

    /// Takes a line of the guest; a long one becomes several. Past the job's total, lines are counted and dropped.
    pub(super) async fn log_guest(&mut self, line: Line<'_>) -> Logged {
        let line_bytes = usize::try_from(self.limits.log_line_bytes).unwrap_or(usize::MAX);
        for (at, message) in log::cut(line.message, line_bytes).enumerate() {
            if self.log_bytes + message.len() as u64 > self.limits.log_bytes {
                self.drop_line(line.time);
                continue;
            }
            self.log_bytes += message.len() as u64;
            self.push(Line { message, continued: at > 0 || line.continued, ..line }).await;
        }
        self.bucket.take(line.message.len() + LINE_BYTES, Instant::now()).map_or(Logged::Kept, Logged::Wait)
    }

    /// Takes a line of the host, outside the job's quota.
    pub(super) async fn log_host(&mut self, time: Timestamp, level: LogLevel, message: &str) {
        let line_bytes = usize::try_from(self.limits.log_line_bytes).unwrap_or(usize::MAX);
        for (at, message) in log::cut(message, line_bytes).enumerate() {
            self.push(Line { time, level, source: LogSource::Host, continued: at > 0, message }).await;
        }
    }

    async fn push(&mut self, line: Line<'_>) {
        self.chunk.push(line);
        if self.chunk.is_full() {
            self.flush().await;
        }
    }

    fn drop_line(&mut self, time: Timestamp) {
        if self.dropped_lines == 0 {
            let message = format!(
                "The log of this job has reached its limit of {} bytes; further lines are counted, not kept",
                self.limits.log_bytes
            );
            let source = LogSource::Host;
            self.chunk.push(Line { time, level: LogLevel::Warn, source, continued: false, message: &message });
        }
        self.dropped_lines += 1;
    }

    /// How many lines were dropped.
    pub(super) fn dropped_lines(&self) -> u64 {
        self.dropped_lines
    }

    /// Hands over the lines and results that wait. Loses nothing when its future is dropped.
    pub(super) async fn flush(&mut self) {
        let bytes = self.waiting_bytes();
        if bytes > 0 {
            let room = self.room(bytes).await;
            let writes = self.take_waiting();
            self.hand_over(room, writes);
        }
    }

    /// How much waits to be handed over.
    fn waiting_bytes(&self) -> usize {
        let lines = if self.chunk.is_empty() { 0 } else { self.chunk.bytes() };
        lines + self.results.iter().map(|result| result.data.as_str().len()).sum::<usize>()
    }

    fn take_waiting(&mut self) -> Vec<Write> {
        let mut writes = Vec::with_capacity(self.results.len() + 2);
        if !self.chunk.is_empty() {
            let packed = self.chunk.take();
            let first_seq = self.last_log_seq + 1;
            self.last_log_seq += packed.lines;
            writes.push(Write::AppendLogs(LogChunk {
                attempt: self.attempt,
                first_seq,
                last_seq: self.last_log_seq,
                lines: packed.json,
                message_bytes: packed.message_bytes,
            }));
        }
        writes.extend(self.results.drain(..).map(Write::SaveResult));
        writes
    }

    /// Whether a result of this size is within the job's total.
    pub(super) fn has_room_for_result(&self, bytes: u64) -> bool {
        self.result_bytes + bytes <= self.limits.results_bytes
    }

    /// Numbers a result and takes it.
    pub(super) async fn save_result(&mut self, at: Timestamp, data: JsonObject) {
        self.result_bytes += data.as_str().len() as u64;
        self.last_result_seq += 1;
        self.results.push(NewResult { attempt: self.attempt, seq: self.last_result_seq, at, data });
        if self.waiting_bytes() >= CHUNK_BYTES || self.results.len() >= RESULTS {
            self.flush().await;
        }
    }

    /// What is not handed over yet of what the run has used in all.
    fn unwritten_usage(&self, usage: &RunUsage) -> RunUsage {
        usage.since(&self.usage)
    }

    /// Hands over a checkpoint that covers everything before it, and what the run has used in all; answers once it is
    /// committed.
    pub(super) async fn save_checkpoint(&mut self, at: Timestamp, data: JsonObject, usage: RunUsage) -> Told {
        let room = self.room_behind(data.as_str().len()).await;
        let writes = self.take_waiting();
        let checkpoint = NewCheckpoint {
            attempt: self.attempt,
            log_seq: self.last_log_seq,
            result_seq: self.last_result_seq,
            at,
            data,
            usage: self.unwritten_usage(&usage),
        };
        self.usage = usage;
        self.hand_over_behind(room, writes, Write::SaveCheckpoint(checkpoint))
    }

    /// Hands over the newest progress.
    pub(super) async fn save_progress(&mut self, progress: Progress) {
        let room = self.room(0).await;
        self.hand_over(room, vec![Write::SaveProgress(self.attempt.claim, progress)]);
    }

    /// Hands over the attempt's end with everything before it; answers once it is committed. What `finish` says of usage is
    /// what the run has used in all.
    pub(super) async fn finish(&mut self, progress: Option<Progress>, finish: Finish) -> Told {
        let finish = Finish { usage: self.unwritten_usage(&finish.usage), ..finish };
        let finish = Write::Finish(Box::new(finish));
        let room = self.room_behind(finish.payload_bytes()).await;
        let mut writes = self.take_waiting();
        writes.extend(progress.map(|progress| Write::SaveProgress(self.attempt.claim, progress)));
        self.hand_over_behind(room, writes, finish)
    }

    /// Waits until the attempt may have this much more under way.
    async fn room(&self, bytes: usize) -> Room {
        let share = self.share(bytes).await;
        Room { share, place: self.store.reserve(bytes).await }
    }

    /// The same for what waits, and a write of so many bytes behind it. The attempt waits for that one, so it needs no share.
    async fn room_behind(&self, bytes: usize) -> Room {
        let waiting = self.waiting_bytes();
        let share = self.share(waiting).await;
        Room { share, place: self.store.reserve(waiting + bytes).await }
    }

    async fn share(&self, bytes: usize) -> OwnedSemaphorePermit {
        let share = u32::try_from(bytes.clamp(1, UNDER_WAY_BYTES)).expect("the bound is smaller than 4 GiB");
        Arc::clone(&self.under_way).acquire_many_owned(share).await.expect("it is never closed")
    }

    /// Hands writes over behind which nobody waits.
    fn hand_over(&self, room: Room, writes: Vec<Write>) {
        self.hand_over_telling(room, writes, None);
    }

    /// Hands over writes and behind them one that is waited for.
    fn hand_over_behind(&self, room: Room, mut writes: Vec<Write>, last: Write) -> Told {
        writes.push(last);
        let (tell, told) = oneshot::channel();
        self.hand_over_telling(room, writes, Some(tell));
        told
    }

    /// After the last one, whoever follows the job is told of all.
    fn hand_over_telling(&self, room: Room, mut writes: Vec<Write>, tell: Option<oneshot::Sender<Committed>>) {
        let Some(last) = writes.pop() else {
            return;
        };
        let (feeds, job) = (Arc::clone(&self.feeds), self.attempt.claim.job());
        let is_followed = feeds.is_followed(job);
        let watched = |write| -> (Write, OnCommit) {
            let look = self.look_at(&write, is_followed);
            (write, Box::new(move |answer| look(&answer)))
        };
        let mut watched: Vec<_> = writes.into_iter().map(watched).collect();
        let look = self.look_at(&last, is_followed);
        let on_commit: OnCommit = Box::new(move |answer| {
            drop(room.share);
            look(&answer);
            if let Some(tell) = tell {
                // The guest may have been interrupted meanwhile; what was written stands all the same.
                let _ = tell.send(answer);
            }
            if is_followed {
                feeds.ring_said(job);
            } else {
                // Somebody may have come meanwhile.
                feeds.ring(job);
            }
        });
        watched.push((last, on_commit));
        room.place.hand_over(watched);
    }

    /// Looks at the answer to a write: whether the attempt may go on, and what there is to say to who follows the job.
    fn look_at(&self, write: &Write, is_followed: bool) -> impl FnOnce(&Committed) + Send + use<> {
        let (watch, news) = (self.watch(), is_followed.then(|| self.news(write)));
        move |answer| {
            watch(answer);
            if let (Some(news), Ok(answer)) = (news, answer) {
                news(answer);
            }
        }
    }

    /// Tells followers what a write has brought.
    fn news(&self, write: &Write) -> impl FnOnce(&Answer) + Send + use<> {
        let (feeds, job, last_seq) = (Arc::clone(&self.feeds), self.attempt.claim.job(), self.last_log_seq);
        let lines = match write {
            Write::AppendLogs(chunk) => Some((chunk.last_seq, NewLines::of(chunk))),
            _ => None,
        };
        move |answer| match (lines, answer) {
            (Some((last_seq, lines)), Answer::Done) => feeds.tell_lines(job, last_seq, lines),
            (None, Answer::Status(status)) if status.is_ended() => feeds.tell_end(job, *status, last_seq),
            _ => {}
        }
    }

    /// What every answer is looked at for: a lost claim, or a host that cannot keep what it was given.
    fn watch(&self) -> impl FnOnce(&Committed) + Send + use<> {
        let (signal, claim) = (Arc::clone(&self.signal), self.attempt.claim);
        move |answer| match answer {
            Ok(Answer::NotMatched) => lose(&signal, claim),
            Ok(_) => {}
            Err(StoreError::Closed) => signal.lose_claim(),
            Err(error) => {
                tracing::error!(job = %claim.job(), %error, "a write of an attempt failed");
                let message = "the host could not store what the module gave it".to_owned();
                signal.fail(JobError { code: ErrorCode::HostError, message, backtrace: None });
            }
        }
    }
}

/// Another claim has taken the job over, or it was never there.
fn lose(signal: &StopSignal, claim: Claim) {
    tracing::warn!(job = %claim.job(), fence = claim.fence(), "the claim was lost");
    signal.lose_claim();
}
