//! Ctrl-C and the signal to terminate, counted.

use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::cli::Failure;

/// What the next signal means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) enum Interrupt {
    /// The module is asked to stop.
    Ask,
    /// It is not asked any more.
    Force,
}

/// Takes signals instead of dying of them.
#[derive(Debug)]
pub(in crate::cli) struct Interrupts {
    interrupt: Signal,
    terminate: Signal,
    asked: bool,
}

impl Interrupts {
    pub(in crate::cli) fn listen() -> Result<Self, Failure> {
        let listen = |kind| signal(kind).map_err(|error| Failure::failed(format!("signals cannot be taken: {error}")));
        Ok(Self {
            interrupt: listen(SignalKind::interrupt())?,
            terminate: listen(SignalKind::terminate())?,
            asked: false,
        })
    }

    /// Waits for the next signal. Safe to drop and call again.
    pub(in crate::cli) async fn next(&mut self) -> Interrupt {
        self.wait().await;
        if std::mem::replace(&mut self.asked, true) { Interrupt::Force } else { Interrupt::Ask }
    }

    /// Waits for a signal where no module is to be asked.
    pub(in crate::cli) async fn any(&mut self) {
        self.wait().await;
    }

    async fn wait(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}
