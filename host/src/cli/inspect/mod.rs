//! `cofferdam inspect`: what a file is, and everything for which a host would refuse it.

mod command;
mod field;
mod group;
mod report;
mod sentences;

pub(super) use command::Inspect;
pub(super) use group::{Group, table};
