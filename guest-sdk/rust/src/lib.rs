//! Write Cofferdam modules in Rust.
//!
//! A module is one ordinary function. [`macro@module`] exports it, reads its inputs and settings into the types it asks
//! for, and writes the module's description with the JSON Schemas of these types:
//!
//! ```
//! use cofferdam_sdk::{Failure, Job};
//! use schemars::JsonSchema;
//! use serde::{Deserialize, Serialize};
//!
//! #[derive(Deserialize, JsonSchema)]
//! struct Inputs {
//!     numbers: Vec<f64>,
//! }
//!
//! #[derive(Serialize)]
//! struct Sum {
//!     sum: f64,
//! }
//!
//! /// Adds numbers.
//! #[cofferdam_sdk::module(name = "adder", version = "1.0.0", description = "Adds numbers")]
//! fn run(job: &Job, inputs: &Inputs) -> Result<(), Failure> {
//!     log::info!("adding {} numbers", inputs.numbers.len());
//!     job.save_result(&Sum { sum: inputs.numbers.iter().sum() })?;
//!     Ok(())
//! }
//! ```
//!
//! The crate is a `cdylib` built for `wasm32-wasip2`. It also compiles natively, where `testing` stands in for the
//! host, so that a module's logic is tested with `cargo test` alone.

pub mod bindings;
mod failure;
mod host;
#[cfg(feature = "http")]
pub mod http;
mod job;
mod logging;
mod metadata;
mod panic;
mod save_error;
#[cfg(not(target_family = "wasm"))]
pub mod testing;
mod typed;

#[doc(hidden)]
pub mod entry;

pub use bindings::cofferdam::module::types::LogLevel;
pub use cofferdam_sdk_macros::module;
pub use failure::Failure;
pub use job::Job;
pub use logging::log;
pub use save_error::SaveError;
