//! `cofferdam inspect`: what a file is, and everything for which a host would refuse it.

mod capability;
mod command;
mod field;
mod report;
mod sentences;

pub(super) use command::Inspect;
