//! Floor 1: connections to the world outside, for guests, webhooks and traces.
//!
//! Owns how a name becomes addresses and how an address that was checked becomes a connection, in clear or over TLS.
//! Which addresses may be reached is for those to say who connect.

mod connect;
mod exchange;
mod resolve;
mod roots;

pub(crate) use connect::{ConnectError, Connector, Stream};
pub(crate) use exchange::{BodyLimit, exchange};
pub(crate) use resolve::LookUps;
pub use resolve::{Resolver, SystemResolver};
pub use roots::HttpRoots;
