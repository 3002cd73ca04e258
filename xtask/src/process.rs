//! Other programs, as `cofferdam-build` runs them, with errors that can carry more of a context.

use std::process::Command;
use std::time::Duration;

use anyhow::Result;
use cofferdam_build::process;

pub(crate) use cofferdam_build::process::{cargo, on_path};

/// Says on stderr what is being done.
pub(crate) fn say(what: impl std::fmt::Display) {
    eprintln!("xtask: {what}");
}

/// Runs to the end, with the output shown; any other exit than success is an error.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    Ok(process::run(command)?)
}

/// Runs to the end and gives what it printed on stdout, trimmed; stderr is part of the error when it fails.
pub(crate) fn stdout_of(command: &mut Command) -> Result<String> {
    Ok(process::stdout_of(command)?)
}

/// Like [`run`], but ended by force after `limit`.
pub(crate) fn run_within(limit: Duration, command: &mut Command) -> Result<()> {
    Ok(process::run_within(limit, command)?)
}

/// Runs Debian's `apt-get`, as root or by `sudo`.
pub(crate) fn apt_get(arguments: &[&str]) -> Result<()> {
    Ok(process::apt_get(arguments)?)
}
