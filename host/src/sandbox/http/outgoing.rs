//! The seam through which somebody else changes what is sent.

use std::fmt::Debug;

use http::HeaderMap;

use crate::domain::grants::Target;

/// Changes the header values of a request just before it is sent, once its host is known to be permitted and connected
/// to: where placeholders become what they stand for. The guest never sees what it did.
pub trait Outgoing: Debug + Send + Sync {
    /// Changes the header values of a request to this scheme, host and port.
    fn rewrite(&self, target: &Target, headers: &mut HeaderMap);
}
