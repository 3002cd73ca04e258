//! One guest's side of the host: what its store holds, what its calls do, and the limits on its memory.

mod bindings;
mod budget;
mod host_calls;
mod http;
mod limiter;
mod linker;
mod pace;
mod state;
mod stdio;
mod wasi;

pub(super) use bindings::ModulePre;
pub(super) use bindings::cofferdam::module::types;
pub(super) use budget::MemoryBudget;
pub(crate) use budget::{available_bytes, budget_bytes};
pub(super) use limiter::{Limiter, Refusal};
pub(super) use linker::linker;
pub(super) use state::GuestState;
pub use stdio::split_lines;
pub(super) use stdio::split_lines_around;
