//! `cofferdam schedule run`.

use clap::Args;

use crate::cli::job::{Then, started};
use crate::cli::session::Session;
use crate::cli::{Exit, Failure};
use crate::domain::ScheduleRef;

/// Start the job of a schedule now
#[derive(Debug, Args)]
#[command(after_help = "\
Also while it is paused, and also while an earlier job has not ended. Prints the job's id, as `cofferdam job start` does.

Examples:
  cofferdam schedule run nightly
  cofferdam schedule run nightly --follow")]
pub struct RunNow {
    /// Its name or its id
    schedule: ScheduleRef,
    /// Show the log until the job has ended, then its results
    #[arg(long, short)]
    follow: bool,
}

impl RunNow {
    pub(super) fn execute(self, session: &Session) -> Result<Exit, Failure> {
        let json = session.client.tell_schedule(&self.schedule, "run")?;
        started(session, &json, self.follow.then_some(Then::Follow))
    }
}
