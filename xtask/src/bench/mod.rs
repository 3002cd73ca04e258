//! `cargo xtask bench`: measures the release build of the host on this machine, and says what the machine is.

mod abort;
mod command;
mod hostile;
mod idle;
mod jobs;
mod logs;
mod machine;
mod many;
mod postgres;
mod report;
mod run;
mod sandbox;
mod scenario;
mod stage;
mod stamps;
mod usage;

pub(crate) use command::Bench;
pub(crate) use run::run;
