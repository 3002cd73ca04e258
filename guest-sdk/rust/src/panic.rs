//! A panic's message as one log line, in place of the standard library's several lines on stderr.

#[cfg(target_family = "wasm")]
use crate::{LogLevel, log};

/// Logs a panic's message and place at level error; then the module traps.
#[cfg(target_family = "wasm")]
pub(crate) fn install() {
    std::panic::set_hook(Box::new(|info| log(LogLevel::Error, info.to_string())));
}

/// Leaves panics to the test harness.
#[cfg(not(target_family = "wasm"))]
pub(crate) fn install() {}
