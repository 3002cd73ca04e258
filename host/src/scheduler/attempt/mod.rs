//! One attempt: one run of one job on this node, from its claim to its last write.

mod context;
mod finish;
mod host_lines;
mod journal;
mod log_chunk;
mod run;
mod secrets;
mod stop_signal;
mod trial;

pub use context::JobContext;
pub(super) use run::{Permits, run};
pub(super) use stop_signal::StopSignal;
