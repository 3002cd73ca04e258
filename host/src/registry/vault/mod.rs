//! Secrets: kept sealed in the database, opened only for an attempt whose module was granted them.
//!
//! Owns the key, which is a file of the node and never in the database.

mod key;
mod vault;

pub use key::KeyError;
pub use vault::{OpenSecret, SecretError, Vault};
