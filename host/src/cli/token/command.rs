//! The verbs of `cofferdam token`.

use clap::Subcommand;

use super::{create, list, revoke};
use crate::cli::output::Looks;
use crate::cli::session::Session;
use crate::cli::{Exit, Failure, Global};
use crate::config::Environment;

/// Make, list and revoke tokens: who may use a server
#[derive(Debug, Subcommand)]
#[command(after_help = "\
Until the first token is made, a server on this machine lets everybody on it in; from then on every request needs one.

Examples:
  cofferdam token create ada --scope admin
  cofferdam token create dashboard --scope jobs:read --scope logs:read --expires 30d
  cofferdam token list")]
pub enum TokenCommand {
    /// Make a token and print it, this once
    Create(create::Create),
    /// List tokens
    List(list::List),
    /// Revoke a token: it lets nobody in any more
    Revoke(revoke::Revoke),
}

impl TokenCommand {
    pub(in crate::cli) fn execute(
        self,
        global: &Global,
        environment: &Environment,
        looks: Looks,
    ) -> Result<Exit, Failure> {
        let session = || Session::open(global, environment, looks);
        match self {
            Self::Create(command) => command.execute(global, environment, looks),
            Self::List(list::List {}) => list::List::execute(&session()?),
            Self::Revoke(command) => command.execute(&session()?),
        }
    }
}
