//! How a client comes in: its connection, the name under which it asks, and what every answer carries out again.

mod authenticate;
mod check;
mod connections;
mod exchange;
mod hosts;
mod needs;
mod rates;
mod record;
mod server;
mod tls;
mod unread;

#[cfg(test)]
pub(crate) use authenticate::PUBLIC;
pub(crate) use authenticate::authenticate;
pub(crate) use check::check;
pub use hosts::AllowedHosts;
pub(crate) use needs::{Needs, Routes};
pub(crate) use rates::Rates;
pub(crate) use server::Connection;
pub use server::serve;
pub use tls::{Tls, TlsError};
