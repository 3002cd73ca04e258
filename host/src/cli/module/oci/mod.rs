//! Modules from an OCI registry: fetched by whoever adds them, never by a host because a job names an address.

mod address;
mod credentials;
mod fetch;

pub(super) use address::{Address, Transport};
pub(super) use fetch::{Fetched, fetch};
