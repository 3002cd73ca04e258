//! What the sandbox costs beside bare wasmtime, as an example of the host's crate measures it.

pub(super) mod cpu;
mod example;
pub(super) mod instantiate;
