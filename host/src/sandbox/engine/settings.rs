//! How the engine is set up: what guests may use of wasm, how much of everything the pool holds, how code is compiled.
//!
//! The compiled code depends on most of this; a change makes the cache compile anew by itself.

use std::num::NonZeroUsize;

use serde::{Deserialize, Serialize};

use wasmtime::{
    Config, Enabled, Engine, InstanceAllocationStrategy, OptLevel, PoolingAllocationConfig, Strategy,
    WasmBacktraceDetails,
};

use crate::domain::JobLimits;
use crate::domain::limits::{CORE_INSTANCES, MEMORIES, TABLE_ELEMENTS, TABLES, WASM_STACK_BYTES};
use crate::sandbox::SandboxError;

/// Instances beyond the slots: `describe` runs in them, so that adding a module never waits for jobs to end.
pub(in crate::sandbox) const SPARE_INSTANCES: u32 = 8;

/// Frames of a guest's backtrace.
const BACKTRACE_FRAMES: NonZeroUsize = NonZeroUsize::new(20).expect("20 is not zero");

/// Host functions are polled on the guest's stack too: what the guest leaves of this is theirs. Without optimisation
/// their frames are several times larger, and running over the end would abort the process.
const STACK_BYTES: usize = if cfg!(debug_assertions) { 4 << 20 } else { 2 << 20 };

/// Where the memory of instances comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::sandbox) enum Allocation {
    /// Address space for all slots is reserved at the start; instances only take and give back.
    Pool,
    /// Each instance maps its own memory: for machines that refuse the reservation. Slower, and checks every access.
    OnDemand,
}

/// Starts the engine, with a pool if the machine allows one; says how it allocates.
pub(in crate::sandbox) fn start(slots: u32, limits: &JobLimits) -> Result<(Engine, Allocation), SandboxError> {
    // Guests may read errors of streams as text; one with a backtrace would show them paths and functions of this host.
    wasmtime::error::disable_backtrace();
    let refused = match Engine::new(&settings(slots, limits, Allocation::Pool)) {
        Ok(engine) => return Ok((engine, Allocation::Pool)),
        Err(error) => error,
    };
    tracing::warn!(
        error = format!("{refused:#}"),
        slots,
        "cannot reserve address space for all slots; instances are allocated one by one, which is slower. \
         Fewer slots, or a higher limit on address space (ulimit -v), would change that"
    );
    Engine::new(&settings(slots, limits, Allocation::OnDemand))
        .map(|engine| (engine, Allocation::OnDemand))
        .map_err(|error| SandboxError::Engine(format!("{error:#}")))
}

/// The configuration of a sandbox with a pool, for measurements that compare with it.
pub fn engine_settings(slots: u32, limits: &JobLimits) -> Config {
    settings(slots, limits, Allocation::Pool)
}

/// The engine's whole configuration.
fn settings(slots: u32, limits: &JobLimits, allocation: Allocation) -> Config {
    let mut config = code_settings(allocation);
    if allocation == Allocation::Pool {
        config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool(slots, limits)));
    }
    config
}

/// What the code depends on, and no pool: an engine that only compiles reserves nothing.
pub(in crate::sandbox) fn code_settings(allocation: Allocation) -> Config {
    let mut config = Config::new();
    config
        .wasm_component_model(true)
        // The component model's async side is a third of wasmtime's advisories, and the contract does without it.
        .concurrency_support(false)
        .epoch_interruption(true)
        .strategy(Strategy::Cranelift)
        .cranelift_opt_level(OptLevel::Speed)
        .max_wasm_stack(WASM_STACK_BYTES)
        .async_stack_size(STACK_BYTES)
        // Nothing of one guest's stack may be left for the next, and used stack pages go back to the kernel.
        .async_stack_zeroing(true)
        .memory_init_cow(true)
        .memory_guaranteed_dense_image_size(64 << 20)
        // Parsing debug information would mean parsing what the guest's author wrote, in the host.
        .wasm_backtrace_details(WasmBacktraceDetails::Disable)
        .wasm_backtrace_max_frames(Some(BACKTRACE_FRAMES));
    leave_out_features(&mut config);
    match allocation {
        Allocation::Pool => config.memory_reservation(4 << 30).memory_guard_size(32 << 20).memory_may_move(false),
        Allocation::OnDemand => config
            .memory_reservation(0)
            .memory_reservation_for_growth(1 << 20)
            .memory_guard_size(64 << 10)
            .memory_may_move(true),
    };
    config
}

/// What no toolchain for components needs, and what would widen the surface for nothing.
fn leave_out_features(config: &mut Config) {
    config
        .wasm_relaxed_simd(false)
        .wasm_memory64(false)
        // The adapters that wasmtime makes between the core modules of a component (QuickJS has two) need it.
        .wasm_multi_memory(true)
        .wasm_wide_arithmetic(false)
        .wasm_custom_page_sizes(false);
}

fn pool(slots: u32, limits: &JobLimits) -> PoolingAllocationConfig {
    let instances = slots.saturating_add(SPARE_INSTANCES);
    let memory_bytes = usize::try_from(limits.memory_bytes).unwrap_or(usize::MAX).min(4 << 30);
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(instances)
        .total_stacks(instances)
        // Counters only. The largest guest today, Python, has 14 core instances.
        .total_core_instances(instances.saturating_mul(24))
        // Address space: each is 4 GiB. Two a guest are what the largest guests today need.
        .total_memories(instances.saturating_mul(2))
        .total_tables(instances.saturating_mul(4))
        .max_memory_size(memory_bytes)
        .table_elements(TABLE_ELEMENTS)
        .max_core_instance_size(4 << 20)
        .max_component_instance_size(8 << 20)
        .max_core_instances_per_component(CORE_INSTANCES)
        .max_memories_per_component(MEMORIES)
        .max_tables_per_component(TABLES)
        .max_memories_per_module(MEMORIES)
        .max_tables_per_module(TABLES)
        .max_unused_warm_slots(64)
        // Small parts are cleared by hand, which is cheaper than giving the pages back to the kernel.
        .linear_memory_keep_resident(1 << 20)
        .table_keep_resident(64 << 10)
        .async_stack_keep_resident(32 << 10)
        .pagemap_scan(Enabled::Auto);
    pool
}

#[cfg(test)]
mod tests {
    use std::hash::{DefaultHasher, Hash as _, Hasher as _};

    use super::*;

    #[test]
    fn both_ways_of_allocating_give_an_engine() {
        for allocation in [Allocation::Pool, Allocation::OnDemand] {
            Engine::new(&settings(4, &JobLimits::default(), allocation)).expect("an engine");
        }
    }

    #[test]
    fn an_engine_that_only_compiles_makes_the_same_code() {
        let hash = |config: &Config| {
            let mut hasher = DefaultHasher::new();
            Engine::new(config).expect("an engine").precompile_compatibility_hash().hash(&mut hasher);
            hasher.finish()
        };
        let [pool, on_demand] = [Allocation::Pool, Allocation::OnDemand].map(|allocation| {
            let made = hash(&code_settings(allocation));
            assert_eq!(made, hash(&settings(4, &JobLimits::default(), allocation)));
            made
        });
        assert_ne!(pool, on_demand, "a change of the settings is a change of the code's name");
    }
}
