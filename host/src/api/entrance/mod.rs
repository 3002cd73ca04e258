//! How a client comes in: its connection, the name under which it asks, and what every answer carries out again.

mod check;
mod hosts;
mod server;

pub(crate) use check::check;
pub use hosts::AllowedHosts;
pub(crate) use server::Connection;
pub use server::serve;
