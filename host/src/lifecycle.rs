//! What the operating system says about the end of the process.

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
