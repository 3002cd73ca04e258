//! Floor 2: who may use this host.
//!
//! Owns tokens: making, revoking and recognising them, and what their holders may do. All tokens are in memory, so that
//! no request costs a question to the database. Knows nothing of HTTP, and nothing of jobs.

mod caller;
mod desk;
mod error;
mod list;
mod secret;

pub use caller::Caller;
pub use desk::{Access, CreatedToken, NewToken};
pub use error::{CreateError, Denied, RevokeError};
pub use secret::{InvalidTokenText, TokenText};
