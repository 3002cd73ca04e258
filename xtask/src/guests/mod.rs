//! Builds the guests: every Rust package below `example-modules/` and `tests/guests/`, and the one in JavaScript.
//!
//! The set-up that each language needs is done here too, and always said before it is done.

mod debian;
mod javascript;
mod node;
mod rust;
mod wasm_target;

pub(crate) use javascript::build as build_javascript;
pub(crate) use rust::build as build_rust;
pub(crate) use wasm_target::Way;
