//! `cofferdam schedule pause`, `resume` and `remove`.

use clap::Args;

use crate::cli::client::ScheduleView;
use crate::cli::client::api::read;
use crate::cli::output::until;
use crate::cli::session::{Form, Session};
use crate::cli::{Exit, Failure};
use crate::domain::ScheduleRef;

/// Start nothing until it is resumed
#[derive(Debug, Args)]
#[command(after_help = "\
Jobs that it has started run on, and `cofferdam schedule run` starts its job all the same.

Example:
  cofferdam schedule pause nightly")]
pub struct PauseCommand {
    /// Its name or its id
    schedule: ScheduleRef,
}

/// Go on with the next occurrence from now
#[derive(Debug, Args)]
#[command(after_help = "\
What came while it was paused was not missed, and is not made up for.

Example:
  cofferdam schedule resume nightly")]
pub struct ResumeCommand {
    /// Its name or its id
    schedule: ScheduleRef,
}

/// Remove a schedule; the jobs that it has started stay
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  cofferdam schedule remove nightly")]
pub struct Remove {
    /// Its name or its id
    schedule: ScheduleRef,
}

impl PauseCommand {
    pub(super) fn execute(self, session: &Session) -> Result<Exit, Failure> {
        tell(session, &self.schedule, "pause")
    }
}

impl ResumeCommand {
    pub(super) fn execute(self, session: &Session) -> Result<Exit, Failure> {
        tell(session, &self.schedule, "resume")
    }
}

impl Remove {
    pub(super) fn execute(self, session: &Session) -> Result<Exit, Failure> {
        session.client.remove_schedule(&self.schedule)?;
        session.note("removed");
        Ok(Exit::Done)
    }
}

fn tell(session: &Session, schedule: &ScheduleRef, verb: &str) -> Result<Exit, Failure> {
    let json = session.client.tell_schedule(schedule, verb)?;
    if session.form == Form::Json {
        session.say_json(&json)?;
        return Ok(Exit::Done);
    }
    let view: ScheduleView = read(&json)?;
    session.note(&match &view.next_run_at {
        Some(next) => format!("its next job starts {} ({next})", until(next)),
        None => "paused".to_owned(),
    });
    Ok(Exit::Done)
}
