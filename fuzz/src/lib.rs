//! What Cofferdam makes of bytes that anybody may send.
//!
//! A target is a function that must not panic, whatever it is given. `cargo xtask fuzz` looks for what makes it; `seeds/`
//! has small examples for each, what was found once among them, and the tests replay those.

mod chosen;
mod door;
mod seeds;
mod targets;

pub use chosen::{choose, try_chosen};
pub use targets::{TARGETS, Target, named};
