//! The table `[tls]`: how connections from other machines are kept private.

use serde::{Deserialize, Serialize};

/// Encryption of connections.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TlsSection {
    /// Whether something in front of this host does TLS, so that it may listen beyond loopback without. Off unless said:
    /// tokens would cross the network in clear.
    pub in_front: bool,
}

impl TlsSection {
    /// Whether nothing encrypts what comes over the network.
    pub const fn is_off(&self) -> bool {
        !self.in_front
    }
}
