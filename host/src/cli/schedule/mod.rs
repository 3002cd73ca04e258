//! `cofferdam schedule`: jobs that are started again and again.

mod add;
mod command;
mod list;
mod next;
mod run;
mod show;
mod tell;

pub(super) use command::ScheduleCommand;
