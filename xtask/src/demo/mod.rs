//! `cargo xtask demo`: the host with the example modules in it, and a real table profiled before one's eyes.

mod figures;
mod profile;
mod run;
mod words;

pub(crate) use run::{Afterwards, Demo, run};
