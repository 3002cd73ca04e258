//! The verbs of `cofferdam schedule`.

use clap::Subcommand;

use super::{add, list, next, run, show, tell};
use crate::cli::session::Session;
use crate::cli::{Exit, Failure};

/// Start jobs again and again, by cron patterns
#[derive(Debug, Subcommand)]
#[command(after_help = "\
Examples:
  cofferdam schedule add nightly csv-profile --cron '30 2 * * *' --time-zone Europe/Berlin --inputs @inputs.json
  cofferdam schedule list
  cofferdam schedule next --cron '0 9 * * MON-FRI'")]
pub enum ScheduleCommand {
    /// Make a schedule, or replace one
    Add(Box<add::Add>),
    /// List schedules, with their next and last runs
    List(list::List),
    /// Show a schedule, and what its last occurrences came to
    Show(show::Show),
    /// Start nothing until it is resumed
    Pause(tell::PauseCommand),
    /// Go on with the next occurrence from now
    Resume(tell::ResumeCommand),
    /// Start the job of a schedule now
    Run(run::RunNow),
    /// Remove a schedule; the jobs that it has started stay
    Remove(tell::Remove),
    /// Tell when a schedule, or a pattern, comes next
    Next(next::Next),
}

impl ScheduleCommand {
    pub(in crate::cli) fn execute(self, session: &Session) -> Result<Exit, Failure> {
        match self {
            Self::Add(command) => command.execute(session),
            Self::List(list::List {}) => list::List::execute(session),
            Self::Show(command) => command.execute(session),
            Self::Pause(command) => command.execute(session),
            Self::Resume(command) => command.execute(session),
            Self::Run(command) => command.execute(session),
            Self::Remove(command) => command.execute(session),
            Self::Next(command) => command.execute(session),
        }
    }
}
