//! The wasmtime engine and the threads around it: its settings, the clock that interrupts guests, and the runtime that
//! polls them. Knows nothing of any single guest.

mod clock;
mod mappings;
mod settings;
mod threads;

pub(crate) use mappings::check_mappings;
pub use settings::engine_settings;
pub(super) use settings::{Allocation, SPARE_INSTANCES, code_settings, start};
pub(super) use threads::{GuestThreads, cores, lower_priority};
