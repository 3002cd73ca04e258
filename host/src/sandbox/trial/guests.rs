//! Guests made of WebAssembly text, whose `run` says itself what it returns.

use cofferdam_text_guest::TextGuest;

/// `run` returns `ok`.
pub(super) const OK: &str = "(i32.store8 (i32.const 128) (i32.const 0)) (i32.const 128)";

/// A guest with this `run`, which must leave where its result lies.
pub(in crate::sandbox) fn guest(run: impl Into<String>) -> TextGuest {
    TextGuest { run: run.into() + " (return)", ..TextGuest::named("trial") }
}
