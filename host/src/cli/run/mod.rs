//! `cofferdam run`: one module, one job, this process.

mod command;
mod one_job;
mod watch;

pub(super) use command::Run;
