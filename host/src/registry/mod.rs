//! Floor 2: which modules there are.
//!
//! Owns adding, finding and removing modules, and checks a job's inputs and settings against their schemas. Never
//! knows of attempts.

mod add;
mod error;
#[doc(hidden)]
pub mod fuzzing;
mod grants;
mod inspect;
mod registry;
mod remove;
mod report;
mod schemas;
mod trust;
mod upload;
mod vault;
mod verified;

pub use add::{Added, Candidate, OnConflict};
pub(crate) use error::ProgramError;
pub use error::{AddError, GrantError, RemoveError, UnknownModule, Violation};
pub use inspect::InspectedModule;
pub use registry::{ModulePage, Registry, Rules};
pub use report::{Difference, ModuleReport, Prospect};
pub use trust::{Trust, TrustError, TrustedKey, Unsigned};
pub use upload::{Receiving, Upload};
pub use vault::{KeyError, OpenSecret, SecretError, Vault};
