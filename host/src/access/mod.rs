//! Floor 2: who may use this host.
//!
//! Owns tokens: making, revoking and recognising them, and what their holders may do; and the log of who did what. All
//! tokens are in memory, so that no request costs a question to the database. Knows nothing of HTTP, and nothing of jobs.

mod audit;
mod caller;
mod desk;
mod error;
mod list;
mod secret;
mod tickets;

pub use caller::Caller;
pub use desk::{Access, CreatedToken, NewToken};
pub use error::{CreateError, Denied, RedeemError, RevokeError, TicketError};
pub use secret::{InvalidTokenText, TicketText, TokenText};
pub use tickets::CreatedTicket;
