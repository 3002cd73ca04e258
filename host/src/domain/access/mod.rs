//! Who may do what: scopes, the modules that a caller reaches, and tokens as they are kept.
//!
//! A token's text is known to its owner alone; here and in the database there is only its hash.

mod audit;
mod reach;
mod scope;
mod token;

pub use audit::{Actor, AuditEntry, AuditLimits, AuditPage, NumberedEntry};
pub use reach::Reach;
pub use scope::{InvalidScope, Scope, Scopes};
pub use token::{InvalidTokenName, StoredToken, Token, TokenHash, TokenName};
