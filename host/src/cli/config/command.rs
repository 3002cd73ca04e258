//! The verbs of `cofferdam config`.

use clap::Subcommand;

use super::{check, example, show};
use crate::cli::output::Looks;
use crate::cli::{Exit, Failure, Global};
use crate::config::Environment;

/// Check, show and explain settings
#[derive(Debug, Subcommand)]
#[command(
    after_help = "Examples:\n  cofferdam config example > cofferdam.toml\n  cofferdam config check cofferdam.toml\n  cofferdam config show"
)]
pub enum ConfigCommand {
    /// Tell whether settings are right, and what they change
    Check(check::Check),
    /// Show every setting with its value and where it comes from
    Show(show::Show),
    /// Print a settings file with every setting explained
    Example(example::Example),
}

impl ConfigCommand {
    pub(in crate::cli) fn execute(
        self,
        global: &Global,
        environment: &Environment,
        looks: Looks,
    ) -> Result<Exit, Failure> {
        match self {
            Self::Check(command) => command.execute(global, environment, looks),
            Self::Show(command) => command.execute(environment),
            Self::Example(example::Example {}) => example::Example::execute(),
        }
    }
}
