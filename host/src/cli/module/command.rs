//! The verbs of `cofferdam module`.

use clap::Subcommand;

use super::{add, grant, grants, list, remove, show};
use crate::cli::session::Session;
use crate::cli::{Exit, Failure};

/// Add, list, show and remove modules, and say what they may do
#[derive(Debug, Subcommand)]
#[command(after_help = "Examples:\n  cofferdam module add target/module.wasm\n  cofferdam module show csv-profile")]
pub enum ModuleCommand {
    /// Upload modules
    Add(add::Add),
    /// List the modules there are
    List(list::List),
    /// Show a module with what it takes
    Show(show::Show),
    /// Show what a module may do
    Grants(grants::ShowGrants),
    /// Say what a module may do
    Grant(grant::Grant),
    /// Remove a version of a module
    Remove(remove::Remove),
}

impl ModuleCommand {
    pub(in crate::cli) fn execute(self, session: &Session) -> Result<Exit, Failure> {
        match self {
            Self::Add(command) => command.execute(session),
            Self::List(list::List {}) => list::List::execute(session),
            Self::Show(command) => command.execute(session),
            Self::Grants(command) => command.execute(session),
            Self::Grant(command) => command.execute(session),
            Self::Remove(command) => command.execute(session),
        }
    }
}
