//! `cofferdam config example`.

use clap::Args;

use crate::cli::session::say;
use crate::cli::{Exit, Failure};
use crate::config::EXAMPLE;

/// Print a settings file with every setting explained
#[derive(Debug, Args)]
#[command(after_help = "\
Every setting stands there with its default, as a comment, and with what it is for.

Examples:
  cofferdam config example > cofferdam.toml")]
pub struct Example {}

impl Example {
    pub(super) fn execute() -> Result<Exit, Failure> {
        say(EXAMPLE.trim_end())?;
        Ok(Exit::Done)
    }
}
