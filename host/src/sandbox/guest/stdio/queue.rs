//! The queue between what a guest prints and the log: lines that the log did not take at once wait here.
//!
//! At most what one write may bring is queued, because nothing more may be written while lines wait.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};

use crate::domain::{LogLevel, LogSource};
use crate::sandbox::masking::Masker;
use crate::sandbox::{GuestLine, JobImports};

use super::lines::{Line, Lines};
use super::stream::StdStream;

/// Both standard streams of one guest.
pub(in crate::sandbox) struct Stdio {
    imports: Arc<dyn JobImports>,
    line_bytes: usize,
    masker: Option<Arc<Masker>>,
    queue: Mutex<Queue>,
}

#[derive(Default)]
struct Queue {
    stdout: Lines,
    stderr: Lines,
    waiting: VecDeque<GuestLine>,
    /// A line that the log takes its time for. Kept here, so that a guest that stops waiting cannot lose it.
    logging: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
}

impl Stdio {
    /// For one guest.
    pub(in crate::sandbox) fn new(
        imports: Arc<dyn JobImports>,
        line_bytes: usize,
        masker: Option<Arc<Masker>>,
    ) -> Self {
        // A character has up to four bytes: with a tiny limit, one character still has to go through.
        Self { imports, line_bytes: line_bytes.max(4), masker, queue: Mutex::default() }
    }

    /// One of the two streams.
    pub(in crate::sandbox) fn stream(self: &Arc<Self>, source: LogSource) -> StdStream {
        StdStream::new(Arc::clone(self), source)
    }

    /// Waits until the log has taken every line that is complete.
    pub(in crate::sandbox) async fn drained(&self) {
        poll_fn(|cx| self.poll_drained(cx)).await;
    }

    /// Ends the streams: their last lines count as complete, and all is logged.
    pub(in crate::sandbox) async fn finish(&self) {
        for source in [LogSource::Stdout, LogSource::Stderr] {
            let last = self.lock().lines(source).finish();
            if let Some(line) = last {
                self.lock().waiting.push_back(of_stream(line, source));
            }
        }
        self.drained().await;
    }

    /// Takes what was written to one stream.
    pub(super) fn write(&self, source: LogSource, bytes: &[u8]) {
        let queue = &mut *self.lock();
        let Queue { stdout, stderr, waiting, logging } = queue;
        let lines = if source == LogSource::Stdout { stdout } else { stderr };
        lines.push(bytes, self.line_bytes, self.masker.as_deref(), |line| {
            let line = of_stream(line, source);
            if !waiting.is_empty() || logging.is_some() {
                waiting.push_back(line);
            } else if let Err(line) = self.imports.try_log(line) {
                waiting.push_back(line);
            }
        });
    }

    /// Whether a line waits for the log.
    pub(super) fn is_drained(&self) -> bool {
        let queue = self.lock();
        queue.waiting.is_empty() && queue.logging.is_none()
    }

    /// Ready when no line waits for the log.
    pub(super) fn poll_drained(&self, cx: &mut Context<'_>) -> Poll<()> {
        let queue = &mut *self.lock();
        loop {
            if let Some(logging) = &mut queue.logging {
                ready!(logging.as_mut().poll(cx));
                queue.logging = None;
            }
            let Some(line) = queue.waiting.pop_front() else { return Poll::Ready(()) };
            if let Err(line) = self.imports.try_log(line) {
                let imports = Arc::clone(&self.imports);
                queue.logging = Some(Box::pin(async move { imports.log(line).await }));
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        // After a panic the queue may lack a line, but it is still a queue.
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Queue {
    fn lines(&mut self, source: LogSource) -> &mut Lines {
        if source == LogSource::Stdout { &mut self.stdout } else { &mut self.stderr }
    }
}

fn of_stream(line: Line, source: LogSource) -> GuestLine {
    let level = if source == LogSource::Stdout { LogLevel::Info } else { LogLevel::Warn };
    GuestLine { message: line.message, level, source, continued: line.continued }
}
