//! Doors for `fuzz/`: what the sandbox makes of bytes that a module or an uploader chose. Each panics where a property does
//! not hold.

use std::sync::LazyLock;

use wasmtime::Engine;

use super::admission::examine;
use super::engine::{Allocation, code_settings};
use crate::domain::JobLimits;

pub use super::guest::split_lines;

static ENGINE: LazyLock<Engine> =
    LazyLock::new(|| Engine::new(&code_settings(Allocation::OnDemand)).expect("settings that every host uses"));

/// Every fault has its sentence, and what cannot even be read has one.
pub fn component(bytes: &[u8]) {
    let examination = examine(bytes, &ENGINE, &JobLimits::default());
    for fault in &examination.faults {
        assert!(!fault.to_string().is_empty());
        assert!(!fault.is_hosts_fault(), "bytes are never the host's fault: {fault}");
    }
}
