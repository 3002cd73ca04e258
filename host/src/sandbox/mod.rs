//! Floor 1: running guests with wasmtime.
//!
//! Owns the engine, the compiled code, and every limit that a guest meets while it runs. Knows nothing of databases,
//! schedules or HTTP: what a guest asks of its host goes through [`JobImports`], and how a run ended is a value,
//! [`RunReport`].

mod admission;
mod allowance;
mod attempt;
mod code;
mod compile;
mod config;
mod door;
mod engine;
mod folder;
#[doc(hidden)]
pub mod fuzzing;
mod guest;
mod http;
mod imports;
mod inspection;
mod masking;
mod report;
#[cfg(test)]
mod trial;

pub use admission::AdmissionError;
#[cfg(test)]
pub(crate) use admission::offered_interfaces;
pub use allowance::{Allowance, GuestSecret};
pub use code::Program;
pub use compile::{CompileOrder, Compiler, WorkerEnd, work};
pub use config::{SandboxConfig, SandboxError};
pub use door::Sandbox;
pub(crate) use engine::check_mappings;
#[doc(hidden)]
pub use engine::engine_settings;
pub(crate) use guest::{available_bytes, budget_bytes};
pub use imports::{GuestLine, ImportFuture, JobImports, SaveError};
pub use inspection::Inspection;
pub use report::{GuestJob, RunEnd, RunReport};
