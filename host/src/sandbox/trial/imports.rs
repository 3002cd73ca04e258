//! A host that keeps what the guest gave it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Semaphore;

use crate::domain::{LogLevel, LogSource, Progress};
use crate::sandbox::{GuestLine, ImportFuture, JobImports, SaveError};

/// Keeps everything; refuses results that are not JSON objects; sleeps and, when told to, logs only when let.
#[derive(Debug)]
pub(in crate::sandbox) struct TestImports {
    lines: Mutex<Vec<GuestLine>>,
    results: Mutex<Vec<String>>,
    progress: Mutex<Option<Progress>>,
    pub(super) cancelled: AtomicBool,
    /// Whether something waits in `sleep`.
    pub(super) asleep: Arc<Semaphore>,
    /// One permit for each line that the slow path may take; `None` makes every line fast.
    slow: Option<Semaphore>,
}

impl TestImports {
    /// Takes every line at once.
    pub(in crate::sandbox) fn new() -> Arc<Self> {
        Arc::new(Self::with(None))
    }

    /// Takes a line only for a permit of [`let_through`](Self::let_through).
    pub(in crate::sandbox) fn slow() -> Arc<Self> {
        Arc::new(Self::with(Some(Semaphore::new(0))))
    }

    fn with(slow: Option<Semaphore>) -> Self {
        Self {
            lines: Mutex::default(),
            results: Mutex::default(),
            progress: Mutex::default(),
            cancelled: AtomicBool::new(false),
            asleep: Arc::new(Semaphore::new(0)),
            slow,
        }
    }

    /// Lets a slow log take so many lines.
    pub(in crate::sandbox) fn let_through(&self, lines: usize) {
        self.slow.as_ref().expect("a slow log").add_permits(lines);
    }

    /// What was logged.
    pub(in crate::sandbox) fn lines(&self) -> Vec<GuestLine> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The texts from one source.
    pub(in crate::sandbox) fn texts(&self, source: LogSource) -> Vec<String> {
        self.lines().into_iter().filter(|line| line.source == source).map(|line| line.message).collect()
    }

    /// Results and checkpoints.
    pub(in crate::sandbox) fn saved(&self) -> Vec<String> {
        self.results.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The newest progress.
    pub(in crate::sandbox) fn progress(&self) -> Option<Progress> {
        *self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn keep(&self, line: GuestLine) {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner).push(line);
    }

    fn save(&self, text: String) -> ImportFuture<'_, Result<(), SaveError>> {
        Box::pin(async move {
            if !text.starts_with('{') {
                return Err(SaveError::InvalidJson("no object".to_owned()));
            }
            assert!(!text.contains("panic"), "the host function panics");
            self.results.lock().unwrap_or_else(PoisonError::into_inner).push(text);
            Ok(())
        })
    }
}

impl JobImports for TestImports {
    fn job_id(&self) -> String {
        "the-job".to_owned()
    }

    fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }

    fn try_log(&self, line: GuestLine) -> Result<(), GuestLine> {
        if self.slow.is_some() {
            return Err(line);
        }
        self.keep(line);
        Ok(())
    }

    fn log(&self, line: GuestLine) -> ImportFuture<'_, ()> {
        Box::pin(async move {
            if let Some(slow) = &self.slow {
                slow.acquire().await.expect("never closed").forget();
            }
            self.keep(line);
        })
    }

    fn note(&self, _level: LogLevel, _message: String) -> ImportFuture<'_, ()> {
        Box::pin(std::future::ready(()))
    }

    fn told_to_stop(&self) -> ImportFuture<'_, ()> {
        Box::pin(std::future::pending())
    }

    fn save_result(&self, data: String) -> ImportFuture<'_, Result<(), SaveError>> {
        self.save(data)
    }

    fn save_checkpoint(&self, checkpoint: String) -> ImportFuture<'_, Result<(), SaveError>> {
        self.save(checkpoint)
    }

    fn report_progress(&self, progress: Progress) {
        *self.progress.lock().unwrap_or_else(PoisonError::into_inner) = Some(progress);
    }

    fn sleep(&self, time: Duration) -> ImportFuture<'_, ()> {
        self.asleep.add_permits(1);
        Box::pin(tokio::time::sleep(time))
    }
}
