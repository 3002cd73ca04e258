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
use crate::scheduler::log_feed::LogFeeds;
use crate::store::{Answer, Attempt, ClaimedJob, LogChunk, NewCheckpoint, NewResult, Place, Store, StoreError, Write};

/// Bytes of one attempt that may be handed over and not yet committed.
const UNDER_WAY_BYTES: usize = 4 << 20;

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
    bucket: TokenBucket,
    last_log_seq: u64,
    last_result_seq: u64,
    log_bytes: u64,
    result_bytes: u64,
    dropped_lines: u64,
    /// What was handed over of what the run has used.
    usage: RunUsage,
}

/// Room for one write, in the attempt's own share and in the store.
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

    /// Hands over the lines that wait. Loses nothing when its future is dropped.
    pub(super) async fn flush(&mut self) {
        if self.chunk.is_empty() {
            return;
        }
        let room = self.room(self.chunk.bytes()).await;
        let packed = self.chunk.take();
        let first_seq = self.last_log_seq + 1;
        self.last_log_seq += packed.lines;
        let chunk = LogChunk {
            attempt: self.attempt,
            first_seq,
            last_seq: self.last_log_seq,
            lines: packed.json,
            message_bytes: packed.message_bytes,
        };
        self.hand_over(room, Write::AppendLogs(chunk));
    }

    /// Whether a result of this size is within the job's total.
    pub(super) fn has_room_for_result(&self, bytes: u64) -> bool {
        self.result_bytes + bytes <= self.limits.results_bytes
    }

    /// Numbers a result and hands it over.
    pub(super) async fn save_result(&mut self, at: Timestamp, data: JsonObject) {
        let bytes = data.as_str().len();
        let room = self.room(bytes).await;
        self.result_bytes += bytes as u64;
        self.last_result_seq += 1;
        let result = NewResult { attempt: self.attempt, seq: self.last_result_seq, at, data };
        self.hand_over(room, Write::SaveResult(result));
    }

    /// What is not handed over yet of what the run has used in all.
    pub(super) fn unwritten_usage(&self, usage: &RunUsage) -> RunUsage {
        usage.since(&self.usage)
    }

    /// Hands over a checkpoint that covers everything before it, and what the run has used in all; answers once it is
    /// committed.
    pub(super) async fn save_checkpoint(
        &mut self,
        at: Timestamp,
        data: JsonObject,
        usage: RunUsage,
    ) -> oneshot::Receiver<Result<Answer, StoreError>> {
        self.flush().await;
        let place = self.store.reserve(data.as_str().len()).await;
        let checkpoint = NewCheckpoint {
            attempt: self.attempt,
            log_seq: self.last_log_seq,
            result_seq: self.last_result_seq,
            at,
            data,
            usage: self.unwritten_usage(&usage),
        };
        self.usage = usage;
        let (tell, told) = oneshot::channel();
        let watch = self.watch();
        place.hand_over(Write::SaveCheckpoint(checkpoint), move |answer| {
            watch(&answer);
            // The guest may have been interrupted meanwhile; the checkpoint stands all the same.
            let _ = tell.send(answer);
        });
        told
    }

    /// Hands over the newest progress.
    pub(super) async fn save_progress(&mut self, progress: Progress) {
        let room = self.room(0).await;
        self.hand_over(room, Write::SaveProgress(self.attempt.claim, progress));
    }

    /// Waits until the attempt may have this much more under way.
    async fn room(&self, bytes: usize) -> Room {
        let share = u32::try_from(bytes.clamp(1, UNDER_WAY_BYTES)).expect("the bound is smaller than 4 GiB");
        let share = Arc::clone(&self.under_way).acquire_many_owned(share).await.expect("it is never closed");
        Room { share, place: self.store.reserve(bytes).await }
    }

    fn hand_over(&self, room: Room, write: Write) {
        let watch = self.watch();
        let (feeds, job) = (Arc::clone(&self.feeds), self.attempt.claim.job());
        room.place.hand_over(write, move |answer| {
            drop(room.share);
            watch(&answer);
            feeds.ring(job);
        });
    }

    /// What every answer is looked at for: a lost claim, or a host that cannot keep what it was given.
    fn watch(&self) -> impl FnOnce(&Result<Answer, StoreError>) + Send + use<> {
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
pub(super) fn lose(signal: &StopSignal, claim: Claim) {
    tracing::warn!(job = %claim.job(), fence = claim.fence(), "the claim was lost");
    signal.lose_claim();
}
