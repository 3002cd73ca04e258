//! New projects: the SDKs and templates that this program carries, and how they are written.

mod begin;
mod embedded;
mod name;
mod standalone;

pub use begin::begin;
pub(crate) use embedded::javascript_tools;
pub use name::{InvalidName, ProjectName};
