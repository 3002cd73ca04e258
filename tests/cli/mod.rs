//! The command line, by running the binary.

mod author;
mod doctor;
mod inspect;
mod kit;
mod local;
pub(crate) mod program;
mod server;
mod settings;
mod top;

pub(crate) use program::Program;
