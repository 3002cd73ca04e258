//! `cofferdam config show`.

use clap::Args;

use crate::cli::session::say;
use crate::cli::settings_arguments::SettingsArguments;
use crate::cli::{Exit, Failure};
use crate::config::Environment;

/// Show every setting with its value and where it comes from
#[derive(Debug, Args)]
#[command(after_help = "\
Prints a settings file that gives the same again, but for the password of a database, which is not shown.

Examples:
  cofferdam config show
  cofferdam config show --config /etc/cofferdam/cofferdam.toml")]
pub struct Show {
    #[command(flatten)]
    settings: SettingsArguments,
}

impl Show {
    pub(super) fn execute(self, environment: &Environment) -> Result<Exit, Failure> {
        say(self.settings.resolve(Vec::new(), environment)?.to_toml().trim_end())?;
        Ok(Exit::Done)
    }
}
