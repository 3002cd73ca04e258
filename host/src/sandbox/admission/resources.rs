//! Whether a component stays within what a guest may have: memories, tables, instances.

use wasmtime::component::Component;

use crate::domain::JobLimits;
use crate::domain::limits::{CORE_INSTANCES, MEMORIES, TABLE_ELEMENTS, TABLES};

use super::AdmissionError;
use super::outline::Outline;

/// wasmtime counts what a memory has at the start in pages of wasm.
const PAGE_BYTES: u64 = 64 << 10;

/// Which sizes that stand in the component itself are too large.
pub(super) fn outline_faults(outline: &Outline, limits: &JobLimits) -> impl Iterator<Item = AdmissionError> {
    let sizes = [
        ("memories", outline.memories.into(), MEMORIES.into()),
        ("bytes of memory at the start", outline.memory_bytes, limits.memory_bytes),
        ("elements in one table", outline.table_elements, TABLE_ELEMENTS as u64),
    ];
    sizes.into_iter().filter_map(over)
}

/// Which counts over everything that the compiled component instantiates are too large.
pub(in crate::sandbox) fn resource_faults(component: &Component) -> Vec<AdmissionError> {
    let Some(resources) = component.resources_required() else { return Vec::new() };
    let counts = [
        ("memories", resources.num_memories.into(), MEMORIES.into()),
        ("tables", resources.num_tables.into(), TABLES.into()),
    ];
    counts.into_iter().filter_map(over).collect()
}

/// At most what the memories of the compiled component have at the start, where that can be known.
pub(in crate::sandbox) fn start_memory_bytes(component: &Component) -> Option<u64> {
    let resources = component.resources_required()?;
    let largest_bytes = resources.max_initial_memory_size.unwrap_or(0).saturating_mul(PAGE_BYTES);
    Some(u64::from(resources.num_memories).saturating_mul(largest_bytes))
}

/// wasmtime's refusal as ours. The pool counts what is instantiated, which nothing else can do before it runs.
pub(in crate::sandbox) fn compiler_refused(text: &str) -> AdmissionError {
    let counted = text.split_once("transitively contains ").and_then(|(_, rest)| {
        let (found, what) = rest.split_once(' ')?;
        let found = found.parse().ok()?;
        [("core module instances", CORE_INSTANCES), ("Wasm linear memories", MEMORIES), ("tables", TABLES)]
            .into_iter()
            .find(|(kind, _)| what.starts_with(kind))
            .map(|(kind, limit)| AdmissionError::OverLimit {
                what: kind.trim_start_matches("Wasm linear "),
                found,
                limit: limit.into(),
            })
    });
    counted.unwrap_or_else(|| AdmissionError::Compiler(text.to_owned()))
}

fn over((what, found, limit): (&'static str, u64, u64)) -> Option<AdmissionError> {
    (found > limit).then_some(AdmissionError::OverLimit { what, found, limit })
}
