//! What a running guest can ask of its host: the interface `job-context` of the contract, seen from the other side.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use crate::domain::{LogLevel, LogSource, Progress, RunUsage};

/// The answer to an import that may wait.
pub type ImportFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// One line that a guest logged or printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuestLine {
    /// The text. From `log` it comes as the guest gave it, up to 17 MiB; from a standard stream it is one line without
    /// its line break, cut at the longest line.
    pub message: String,
    /// How severe it is; `info` for standard output, `warn` for standard error.
    pub level: LogLevel,
    /// Who wrote it: the guest itself or one of its standard streams.
    pub source: LogSource,
    /// Whether it is the rest of the line before it from the same stream, which was too long for one.
    pub continued: bool,
}

/// Why something was not saved. The guest is told, and may go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SaveError {
    /// Not a JSON object; says where the text goes wrong.
    InvalidJson(String),
    /// Larger than this many bytes.
    TooLarge(u64),
    /// A limit of this job is used up; says which.
    LimitReached(String),
}

/// What the host does for one running guest.
///
/// The futures are polled on the guest's own stack, so they must be small: hand work over, then wait. Where one can
/// never end (the claim was lost), the caller cancels the run's `force`, which drops it.
pub trait JobImports: Send + Sync + 'static {
    /// The id that the API shows.
    fn job_id(&self) -> String;

    /// Whether the job was asked to stop. Called in tight loops.
    fn is_cancelled(&self) -> bool;

    /// Takes a line at once, or gives it back when that would need to wait; then [`log`](Self::log) gets it.
    fn try_log(&self, line: GuestLine) -> Result<(), GuestLine> {
        Err(line)
    }

    /// Takes a line; waits while the job logs faster than it may.
    fn log(&self, line: GuestLine) -> ImportFuture<'_, ()>;

    /// Adds a line of the host's own to the log.
    fn note(&self, level: LogLevel, message: String) -> ImportFuture<'_, ()>;

    /// Waits until the job is told to stop; for ever when it was told so before. The guest does not learn of it here.
    fn told_to_stop(&self) -> ImportFuture<'_, ()>;

    /// Saves one result.
    fn save_result(&self, data: String) -> ImportFuture<'_, Result<(), SaveError>>;

    /// Saves a checkpoint; ready once it would survive a crash together with everything before it.
    fn save_checkpoint(&self, checkpoint: String) -> ImportFuture<'_, Result<(), SaveError>>;

    /// What the run has used; told right before each checkpoint, so that it can be kept with that.
    fn report_usage(&self, _usage: RunUsage) {}

    /// Keeps the newest progress.
    fn report_progress(&self, progress: Progress);

    /// Waits this long, or until the job is asked to stop.
    fn sleep(&self, time: Duration) -> ImportFuture<'_, ()>;
}

/// What `describe` gets: imports that do nothing.
pub(super) struct NoImports;

impl JobImports for NoImports {
    fn job_id(&self) -> String {
        String::new()
    }

    fn is_cancelled(&self) -> bool {
        false
    }

    fn try_log(&self, _line: GuestLine) -> Result<(), GuestLine> {
        Ok(())
    }

    fn log(&self, _line: GuestLine) -> ImportFuture<'_, ()> {
        Box::pin(std::future::ready(()))
    }

    fn note(&self, _level: LogLevel, _message: String) -> ImportFuture<'_, ()> {
        Box::pin(std::future::ready(()))
    }

    fn told_to_stop(&self) -> ImportFuture<'_, ()> {
        Box::pin(std::future::pending())
    }

    fn save_result(&self, _data: String) -> ImportFuture<'_, Result<(), SaveError>> {
        Box::pin(std::future::ready(Ok(())))
    }

    fn save_checkpoint(&self, _checkpoint: String) -> ImportFuture<'_, Result<(), SaveError>> {
        Box::pin(std::future::ready(Ok(())))
    }

    fn report_progress(&self, _progress: Progress) {}

    fn sleep(&self, _time: Duration) -> ImportFuture<'_, ()> {
        Box::pin(std::future::ready(()))
    }
}
