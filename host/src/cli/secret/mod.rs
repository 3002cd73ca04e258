//! `cofferdam secret`: values that modules may use in requests and never see.

mod command;
mod list;
mod remove;
mod set;

pub(super) use command::SecretCommand;
