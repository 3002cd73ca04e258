//! `cofferdam doctor`: looks at an installation, and lets hostile modules loose on it.
//!
//! Without flags it looks at the machine, the folders and the server. With `--hostile` it is a client of the HTTP API and of
//! nothing else: it uploads modules that misbehave, and holds each one's end against a table.

mod check;
mod command;
mod examine;
mod folders;
mod hostile;
mod machine;
mod server;

pub(super) use command::Doctor;
