//! `cofferdam module`: what is uploaded.

mod add;
mod command;
mod grant;
mod grants;
mod list;
mod oci;
mod remove;
mod report;
mod show;

pub(super) use command::ModuleCommand;
