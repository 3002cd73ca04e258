//! Compiled code: made once for each digest, kept in memory and on disk, never believed without a check.

mod disk;
mod lru;
mod program;
mod programs;
mod seal;

pub use program::Program;
pub(super) use programs::Programs;
