//! The threads that guests run on, apart from all others: a guest that spins delays other guests, never the host.

use std::future::Future;
use std::sync::Arc;

use tokio::runtime::{Builder, Runtime};
use tokio_util::task::AbortOnDropHandle;
use wasmtime::Engine;

use super::clock::Clock;
use crate::sandbox::SandboxError;

/// How much guests stand back behind the host's own threads, in steps of `nice`.
const GUEST_NICENESS: i32 = 5;

/// The runtime of the guests, one thread for each core.
pub(in crate::sandbox) struct GuestThreads(Option<Runtime>);

impl GuestThreads {
    /// Starts the threads, and the clock that interrupts what runs on them.
    pub(in crate::sandbox) fn start(engine: &Engine) -> Result<Self, SandboxError> {
        let clock = Clock::start(engine)?;
        let tells = |change: fn(&Clock)| {
            let clock = Arc::clone(&clock);
            move || change(&clock)
        };
        let begins = tells(Clock::thread_awakes);
        let runtime = Builder::new_multi_thread()
            .worker_threads(cores())
            .thread_name("guest")
            .on_thread_start(move || {
                lower_priority(GUEST_NICENESS);
                begins();
            })
            .on_thread_park(tells(Clock::thread_rests))
            .on_thread_unpark(tells(Clock::thread_awakes))
            .on_thread_stop(tells(Clock::thread_rests))
            // Guests come back every 10 ms at most: look at timers and sockets after 16 of them, not 61.
            .event_interval(16)
            .enable_all()
            .build()
            .map_err(|source| SandboxError::Thread { which: "threads that guests run on", source })?;
        Ok(Self(Some(runtime)))
    }

    /// Runs a task here; it ends when the handle is dropped.
    pub(in crate::sandbox) fn spawn<T, F>(&self, task: F) -> AbortOnDropHandle<T>
    where
        T: Send + 'static,
        F: Future<Output = T> + Send + 'static,
    {
        let runtime = self.0.as_ref().expect("the runtime is only taken when this is dropped");
        AbortOnDropHandle::new(runtime.spawn(task))
    }
}

impl Drop for GuestThreads {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            // Waiting for guests here could block a thread that must not block.
            runtime.shutdown_background();
        }
    }
}

/// Processors that this process may use.
pub(in crate::sandbox) fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

/// Lets the calling thread stand back behind others.
pub(in crate::sandbox) fn lower_priority(niceness: i32) {
    // Without a process id, Linux takes this to mean the calling thread.
    if let Err(error) = rustix::process::setpriority_process(None, niceness) {
        tracing::debug!(%error, "a thread keeps its priority");
    }
}
