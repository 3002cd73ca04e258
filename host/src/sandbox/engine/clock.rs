//! The thread that ticks: at each tick, every guest on a processor comes back to the host for a moment.
//!
//! A thread of the operating system, not a timer of a runtime: guests that keep a runtime busy must not stop it.

use wasmtime::Engine;

use crate::domain::limits::EPOCH_TICK;
use crate::sandbox::SandboxError;

/// Starts to tick, until nothing that could run on this engine is left.
///
/// It is not stopped with the sandbox: a guest that spins while the sandbox goes away needs one more tick to see it.
pub(in crate::sandbox) fn start_clock(engine: &Engine) -> Result<(), SandboxError> {
    let engine = engine.weak();
    let tick = move || {
        while let Some(engine) = engine.upgrade() {
            engine.increment_epoch();
            drop(engine);
            std::thread::sleep(EPOCH_TICK);
        }
    };
    std::thread::Builder::new()
        .name("epoch".to_owned())
        .spawn(tick)
        .map(drop)
        .map_err(|source| SandboxError::Thread { which: "thread that interrupts guests", source })
}
