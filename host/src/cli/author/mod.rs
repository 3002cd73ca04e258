//! For those who write modules: begin a project, build it, run it again whenever it changes.

mod build;
mod changes;
mod dev;
mod dev_file;
mod new;
mod tools;

pub(super) use build::{Build, up_to_date};
pub(super) use dev::Dev;
pub(super) use new::New;
