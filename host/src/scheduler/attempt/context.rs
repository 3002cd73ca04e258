//! `JobContext`: what a running module asks of its host.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{Mutex as AsyncMutex, Notify};

use super::journal::{Journal, Logged};
use super::log_chunk::Line;
use super::stop_signal::StopSignal;
use crate::domain::{
    Claim, Clock, JobId, JobLimits, JsonObject, LogLevel, LogSource, Progress, RunUsage, StopCause, TokenBucket,
};
use crate::measured;
use crate::sandbox::{GuestLine, ImportFuture, JobImports, SaveError};
use crate::scheduler::steps;
use crate::store::Answer;

/// The host's side of one attempt. Cheap to clone; all clones are the same attempt.
#[derive(Clone)]
pub struct JobContext {
    inner: Arc<Inner>,
}

struct Inner {
    claim: Claim,
    clock: Arc<dyn Clock>,
    limits: JobLimits,
    signal: Arc<StopSignal>,
    journal: AsyncMutex<Journal>,
    progress: Mutex<Option<Progress>>,
    usage: Mutex<RunUsage>,
    result_pace: Mutex<TokenBucket>,
    checkpoint_pace: Mutex<TokenBucket>,
    /// Lines, results or progress wait to be written.
    dirty: Notify,
}

impl JobContext {
    pub(super) fn new(
        claim: Claim,
        clock: Arc<dyn Clock>,
        limits: JobLimits,
        journal: Journal,
        signal: Arc<StopSignal>,
    ) -> Self {
        let pace = |per_s| Mutex::new(TokenBucket::full(per_s, per_s, Instant::now()));
        let (result_pace, checkpoint_pace) = (pace(limits.results_per_s), pace(limits.checkpoints_per_s));
        let inner = Inner {
            claim,
            clock,
            limits,
            signal,
            journal: AsyncMutex::new(journal),
            progress: Mutex::new(None),
            usage: Mutex::default(),
            result_pace,
            checkpoint_pace,
            dirty: Notify::new(),
        };
        Self { inner: Arc::new(inner) }
    }

    /// The job's identifier, as the API shows it.
    pub fn job_id(&self) -> JobId {
        self.inner.claim.job()
    }

    /// What it may use.
    pub(super) fn limits(&self) -> &JobLimits {
        &self.inner.limits
    }

    /// The right under which it runs.
    pub(in crate::scheduler) fn claim(&self) -> Claim {
        self.inner.claim
    }

    /// Whether the job was told to stop: by a person, by its duration limit, or because the host shuts down. Asked by
    /// the module, it also settles that the module knew.
    pub fn is_cancelled(&self) -> bool {
        self.inner.signal.look()
    }

    /// Tells the job to stop. It has its grace period; then it is interrupted. This is not stored: a request that is to
    /// outlast this host goes through [`JobScheduler::stop_job`](crate::scheduler::JobScheduler::stop_job).
    pub fn cancel(&self, cause: StopCause) {
        self.inner.signal.raise(cause);
    }

    /// Logs one message as the module; at level info unless another is given. Waits while the job logs faster than it
    /// may, or while too much of it is not stored yet.
    pub async fn log(&self, message: &str, level: Option<LogLevel>) {
        let (level, source) = (level.unwrap_or_default(), LogSource::Guest);
        self.log_line(Line { time: self.inner.clock.now(), level, source, continued: false, message }).await;
    }

    async fn log_line(&self, line: Line<'_>) {
        let logged = self.inner.journal.lock().await.log_guest(line).await;
        self.inner.dirty.notify_one();
        match logged {
            Logged::Kept => {}
            Logged::Wait(time) => tokio::time::sleep(time).await,
        }
    }

    /// Saves one result, the text of a JSON object: kept in order, provisional until the next checkpoint or the job's
    /// completion. Waits while the job saves more of them than it may.
    pub async fn save_result(&self, data: String) -> Result<(), SaveError> {
        let data = payload(data, self.inner.limits.result_bytes)?;
        let mut journal = self.inner.journal.lock().await;
        if !journal.has_room_for_result(data.as_str().len() as u64) {
            let limit = self.inner.limits.results_bytes;
            return Err(SaveError::LimitReached(format!("the results of this job may have {limit} bytes together")));
        }
        journal.save_result(self.inner.clock.now(), data).await;
        drop(journal);
        self.inner.dirty.notify_one();
        keep_pace(&self.inner.result_pace).await;
        Ok(())
    }

    /// Saves the state to resume from, the text of a JSON object. Returns once it is durable, together with every
    /// result and log line before it.
    pub async fn save_checkpoint(&self, checkpoint: String) -> Result<(), SaveError> {
        let data = payload(checkpoint, self.inner.limits.checkpoint_bytes)?;
        let begin = Instant::now();
        let usage = *self.inner.usage.lock().unwrap_or_else(PoisonError::into_inner);
        let told = self.inner.journal.lock().await.save_checkpoint(self.inner.clock.now(), data, usage).await;
        match told.await {
            Ok(Ok(Answer::Done)) => {
                measured::CHECKPOINT.took(begin.elapsed());
                steps::part(self.inner.claim, "checkpoint", begin.elapsed(), self.inner.clock.now());
                self.inner.signal.checkpoint_saved();
                keep_pace(&self.inner.checkpoint_pace).await;
                Ok(())
            }
            // The attempt is being interrupted; the guest will not get far with this.
            _ => Err(SaveError::LimitReached("the host takes nothing more from this attempt".to_owned())),
        }
    }

    fn stamp<'l>(&self, line: &'l GuestLine) -> Line<'l> {
        Line {
            time: self.inner.clock.now(),
            level: line.level,
            source: line.source,
            continued: line.continued,
            message: &line.message,
        }
    }

    /// Says how far the job is. Only the newest value is kept, written a few times a second at most.
    pub fn report_progress(&self, progress: Progress) {
        *self.inner.progress.lock().unwrap_or_else(PoisonError::into_inner) = Some(progress);
        self.inner.dirty.notify_one();
    }

    /// Waits this long, or until the job is told to stop.
    pub async fn sleep(&self, time: Duration) {
        tokio::select! {
            biased;
            () = self.inner.signal.raised() => {
                self.inner.signal.look();
            }
            () = tokio::time::sleep(time) => {}
        }
    }

    pub(in crate::scheduler) fn signal(&self) -> Arc<StopSignal> {
        Arc::clone(&self.inner.signal)
    }

    /// Waits until lines, results or progress wait to be written.
    pub(super) async fn dirty(&self) {
        self.inner.dirty.notified().await;
    }

    /// There is still something to write.
    pub(super) fn mark_dirty(&self) {
        self.inner.dirty.notify_one();
    }

    /// The progress that is not written yet.
    pub(super) fn unwritten_progress(&self) -> Option<Progress> {
        *self.inner.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// This progress was handed over; a newer one still has to be.
    pub(super) fn progress_written(&self, written: Progress) {
        let mut progress = self.inner.progress.lock().unwrap_or_else(PoisonError::into_inner);
        if *progress == Some(written) {
            *progress = None;
        }
    }

    pub(super) async fn journal(&self) -> tokio::sync::MutexGuard<'_, Journal> {
        self.inner.journal.lock().await
    }

    /// Adds a line of the host, outside the job's quota.
    pub(super) async fn log_as_host(&self, level: LogLevel, message: &str) {
        let now = self.inner.clock.now();
        self.inner.journal.lock().await.log_host(now, level, message).await;
        self.inner.dirty.notify_one();
    }
}

/// Waits until one more may be saved.
async fn keep_pace(pace: &Mutex<TokenBucket>) {
    let wait = pace.lock().unwrap_or_else(PoisonError::into_inner).take(1, Instant::now());
    if let Some(wait) = wait {
        tokio::time::sleep(wait).await;
    }
}

/// What a guest may save: a JSON object within its limit.
fn payload(text: String, max_bytes: u64) -> Result<JsonObject, SaveError> {
    if text.len() as u64 > max_bytes {
        return Err(SaveError::TooLarge(max_bytes));
    }
    JsonObject::parse(text).map_err(|error| SaveError::InvalidJson(error.to_string()))
}

impl JobImports for JobContext {
    fn job_id(&self) -> String {
        self.inner.claim.job().to_string()
    }

    fn is_cancelled(&self) -> bool {
        Self::is_cancelled(self)
    }

    fn try_log(&self, line: GuestLine) -> Result<(), GuestLine> {
        let taken = match self.inner.journal.try_lock() {
            Ok(mut journal) => journal.try_log_guest(self.stamp(&line)),
            Err(_) => false,
        };
        if !taken {
            return Err(line);
        }
        self.inner.dirty.notify_one();
        Ok(())
    }

    fn log(&self, line: GuestLine) -> ImportFuture<'_, ()> {
        Box::pin(async move { self.log_line(self.stamp(&line)).await })
    }

    fn note(&self, level: LogLevel, message: String) -> ImportFuture<'_, ()> {
        Box::pin(async move { self.log_as_host(level, &message).await })
    }

    fn told_to_stop(&self) -> ImportFuture<'_, ()> {
        if self.inner.signal.cause().is_some() {
            return Box::pin(std::future::pending());
        }
        Box::pin(self.inner.signal.raised())
    }

    fn save_result(&self, data: String) -> ImportFuture<'_, Result<(), SaveError>> {
        Box::pin(Self::save_result(self, data))
    }

    fn save_checkpoint(&self, checkpoint: String) -> ImportFuture<'_, Result<(), SaveError>> {
        Box::pin(async move {
            let saved = Self::save_checkpoint(self, checkpoint).await;
            self.inner.signal.hold_if_forced().await;
            saved
        })
    }

    fn report_usage(&self, usage: RunUsage) {
        *self.inner.usage.lock().unwrap_or_else(PoisonError::into_inner) = usage;
    }

    fn report_progress(&self, progress: Progress) {
        Self::report_progress(self, progress);
    }

    fn sleep(&self, time: Duration) -> ImportFuture<'_, ()> {
        Box::pin(Self::sleep(self, time))
    }
}
