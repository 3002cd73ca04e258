//! How the host stands: what runs where, how many jobs began and ended, what is measured of it.

pub(super) mod kept;
pub(super) mod status;
pub(super) mod vitals;

pub use status::{HostStatus, NodeStatus};
pub use vitals::HostVitals;
