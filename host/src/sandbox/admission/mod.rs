//! Whether the host can take a component: what must be true before it is compiled, and the words for what is not.

mod bytes;
mod check;
mod error;
mod features;
mod fit;
mod offered;
mod outline;
mod resources;
mod signature;
mod walk;

pub(super) use check::{Examination, check, examine};
pub use error::AdmissionError;
#[cfg(test)]
pub(crate) use offered::offered_interfaces;
pub(super) use resources::{compiler_refused, resource_faults, start_memory_bytes};
pub(super) use signature::signature_faults;
