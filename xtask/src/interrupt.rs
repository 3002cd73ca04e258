//! Ctrl-C and SIGTERM, which end what runs for long in order instead of at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Result;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

/// Whether this program was asked to end.
pub(crate) struct Interrupts {
    asked: Arc<AtomicBool>,
}

impl Interrupts {
    /// From now on the first signal is noted, and a second one ends this program at once.
    pub(crate) fn watch() -> Result<Self> {
        let asked = Arc::new(AtomicBool::new(false));
        for signal in [SIGINT, SIGTERM] {
            // In this order: the flag is still down when the first signal comes to this line.
            flag::register_conditional_shutdown(signal, 1, Arc::clone(&asked))?;
            flag::register(signal, Arc::clone(&asked))?;
        }
        Ok(Self { asked })
    }

    /// Whether a signal has come.
    pub(crate) fn any(&self) -> bool {
        self.asked.load(Ordering::Relaxed)
    }
}
