//! Compiling components within limits: in a process of its own, or in this one where an embedding program says so.
//!
//! Owns the worker's both sides. Knows nothing of caches: it fills a file with machine code or says why not.

mod compiler;
mod order;
mod verdict;
mod worker;
mod workshop;

pub use compiler::Compiler;
pub use order::CompileOrder;
pub use worker::{WorkerEnd, work};
pub(super) use workshop::{CompileError, Workshop};
