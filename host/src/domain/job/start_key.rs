//! What makes a second request for a job the same as the first.

use std::time::Duration;

use crate::domain::Digest;

/// How long a key is remembered.
pub const KEY_LIFE: Duration = Duration::from_hours(24);

/// An idempotency key: whoever sends one again within [`KEY_LIFE`] is given the job that it started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StartKey {
    /// SHA-256 of the key and of whose it is.
    pub key: Digest,
    /// SHA-256 of the request, so that a key that is used for another one is noticed.
    pub request: Digest,
}
