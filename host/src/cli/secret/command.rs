//! The verbs of `cofferdam secret`.

use clap::Subcommand;

use super::{list, remove, set};
use crate::cli::session::Session;
use crate::cli::{Exit, Failure};

/// Store, list and remove secrets
#[derive(Debug, Subcommand)]
#[command(
    after_help = "Examples:\n  cofferdam secret set billing-api-key --host api.example.com < key.txt\n  cofferdam secret list"
)]
pub enum SecretCommand {
    /// Store a secret, or give one another value
    Set(set::Set),
    /// List the secrets there are, without their values
    List(list::List),
    /// Remove a secret
    Remove(remove::Remove),
}

impl SecretCommand {
    pub(in crate::cli) fn execute(self, session: &Session) -> Result<Exit, Failure> {
        match self {
            Self::Set(command) => command.execute(session),
            Self::List(list::List {}) => list::List::execute(session),
            Self::Remove(command) => command.execute(session),
        }
    }
}
