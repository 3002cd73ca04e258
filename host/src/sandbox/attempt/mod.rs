//! One guest from its start to its end: a fresh store, one instance, one call, and what became of it.

mod classify;
mod cpu_time;
mod execution;
mod fault;

pub(super) use cpu_time::CpuTime;
pub(super) use execution::{Answer, Call, Ended, Execution};
pub(super) use fault::Fault;
