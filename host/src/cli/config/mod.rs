//! `cofferdam config`: settings of `serve`, looked at without starting anything.

mod check;
mod command;
mod example;
mod show;

pub(super) use command::ConfigCommand;
