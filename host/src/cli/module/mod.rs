//! `cofferdam module`: what is uploaded.

mod add;
mod command;
mod grant;
mod grants;
mod list;
mod remove;
mod report;
mod show;

pub(super) use command::ModuleCommand;
