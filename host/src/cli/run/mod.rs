//! `cofferdam run`: one module, one job, this process.

mod command;
mod interrupts;
mod one_job;
mod sentences;
mod watch;

pub(super) use command::Run;
