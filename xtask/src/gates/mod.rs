//! `cargo xtask gates`: everything that a change must pass before it is taken.

mod run;
mod tools;

pub(crate) use run::run;
