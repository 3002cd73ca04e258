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

pub(super) use check::check;
pub use error::AdmissionError;
pub(super) use resources::{check_resources, compiler_refused};
pub(super) use signature::check_signatures;
