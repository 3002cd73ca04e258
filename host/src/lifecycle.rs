//! What the process has to do with the operating system: signals, and how many files it may have open.

use rustix::process::{Resource, getrlimit, setrlimit};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::Mutex;

/// SIGTERM and SIGINT (Ctrl-C), from the moment this exists.
pub(crate) struct Signals {
    both: Mutex<(Signal, Signal)>,
}

impl Signals {
    /// Takes the signals over from their default, which would end the process at once.
    pub(crate) fn install() -> std::io::Result<Self> {
        let both = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
        Ok(Self { both: Mutex::new(both) })
    }

    /// Waits for the next one.
    pub(crate) async fn next(&self) {
        let mut both = self.both.lock().await;
        let (terminate, interrupt) = &mut *both;
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    }
}

/// SIGHUP: read anew what lies in files.
pub(crate) struct Hangups(Signal);

impl Hangups {
    /// Takes the signal over from its default, which would end the process.
    pub(crate) fn install() -> std::io::Result<Self> {
        signal(SignalKind::hangup()).map(Self)
    }

    /// Waits for the next one.
    pub(crate) async fn next(&mut self) {
        if self.0.recv().await.is_none() {
            std::future::pending::<()>().await;
        }
    }
}

/// Takes as many open files as the process may have: the usual 1,024 are less than the connections of a busy host.
pub(crate) fn take_all_files() {
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    if let Err(error) = setrlimit(Resource::Nofile, limit) {
        tracing::warn!(%error, "the limit of open files was not raised");
    }
}
