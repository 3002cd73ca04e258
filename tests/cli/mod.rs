//! The command line, by running the binary.

mod author;
mod inspect;
mod kit;
mod local;
mod program;
mod server;
mod settings;

use program::Program;
