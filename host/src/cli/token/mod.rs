//! `cofferdam token`: who may use a server.

mod command;
mod create;
mod list;
mod offline;
mod revoke;

pub(super) use command::TokenCommand;
