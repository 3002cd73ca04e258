//! Floor 4: the command line.
//!
//! Owns arguments, what people and programs see in a terminal or a pipe, and the exit codes. `serve`, `run`, `inspect` and
//! `test` start a host through `app`; `author/` builds modules; every other command is a client of the HTTP API and of
//! nothing else, but for `token create` where there is no server yet.

mod arguments;
mod audit;
mod author;
mod backup;
mod client;
mod compile_worker;
mod completions;
mod config;
mod doctor;
mod exit;
mod failure;
#[doc(hidden)]
pub mod fuzzing;
mod inspect;
mod job;
mod json_argument;
mod kit;
mod local;
mod manual;
mod module;
mod output;
mod run;
mod schedule;
mod secret;
mod serve;
mod session;
mod settings_arguments;
mod status;
mod token;
mod top;
mod webhook;

pub use arguments::{Cli, Command, Global};
pub use exit::Exit;
pub use failure::Failure;
