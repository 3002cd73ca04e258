//! The host's functions: the real ones inside a component, a recording stand-in everywhere else.

#[cfg(target_family = "wasm")]
mod component;
#[cfg(not(target_family = "wasm"))]
pub(crate) mod stand_in;

#[cfg(target_family = "wasm")]
pub(crate) use component::{is_cancelled, log, report_progress, save_checkpoint, save_result, sleep};
#[cfg(not(target_family = "wasm"))]
pub(crate) use stand_in::{is_cancelled, log, report_progress, save_checkpoint, save_result, sleep};
