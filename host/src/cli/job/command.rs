//! The verbs of `cofferdam job`.

use clap::Subcommand;

use super::control::{Delete, Keep, Resume, Start, Stop};
use super::inspect::{Checkpoint, List, Logs, ResultsCommand, Show};
use crate::cli::session::Session;
use crate::cli::{Exit, Failure};

/// Start, watch, stop and resume jobs
#[derive(Debug, Subcommand)]
#[command(after_help = "\
Examples:
  cofferdam job start prime-count --inputs '{\"limit\": 1000000}' --follow
  cofferdam job list --status running")]
pub enum JobCommand {
    /// Start a job
    Start(Start),
    /// List jobs, newest first
    List(List),
    /// Show a job
    Show(Show),
    /// Print a job's log
    Logs(Logs),
    /// Print what a job has saved
    Results(ResultsCommand),
    /// Print the state that a job would resume from
    Checkpoint(Checkpoint),
    /// Ask a job to stop
    Stop(Stop),
    /// Start a stopped or failed job again, from its last checkpoint
    Resume(Resume),
    /// Keep a job, however old it is
    Keep(Keep),
    /// Remove an ended job with all it has
    Delete(Delete),
}

impl JobCommand {
    pub(in crate::cli) fn execute(self, session: &Session) -> Result<Exit, Failure> {
        match self {
            Self::Start(command) => command.execute(session),
            Self::List(command) => command.execute(session),
            Self::Show(command) => command.execute(session),
            Self::Logs(command) => command.execute(session),
            Self::Results(command) => command.execute(session),
            Self::Checkpoint(command) => command.execute(session),
            Self::Stop(command) => command.execute(session),
            Self::Resume(command) => command.execute(session),
            Self::Keep(command) => command.execute(session),
            Self::Delete(command) => command.execute(session),
        }
    }
}
