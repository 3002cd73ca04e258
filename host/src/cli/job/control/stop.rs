//! `cofferdam job stop`.

use clap::Args;

use crate::cli::job::job_id::job_id;
use crate::cli::output::Bar;
use crate::cli::session::{Form, Session};
use crate::cli::{Exit, Failure};
use crate::domain::JobId;

/// Ask a job to stop
#[derive(Debug, Args)]
#[command(after_help = "\
The module has its grace period to save its state and return. Ends with 1 when the job had ended already, or, \
with --wait, when it ended in another way than stopped.

Examples:
  cofferdam job stop 01890a5d-ac96-774b-bcce-b302099a8057
  cofferdam job stop 01890a5d-ac96-774b-bcce-b302099a8057 --wait")]
pub struct Stop {
    /// The job's id
    #[arg(value_parser = job_id)]
    job: JobId,
    /// Wait for the job's end
    #[arg(long)]
    wait: bool,
}

impl Stop {
    pub(in crate::cli::job) fn execute(self, session: &Session) -> Result<Exit, Failure> {
        let (json, view) = if self.wait {
            let bar = Bar::start(session.looks.err, "waiting for the job's end");
            let answer = session.client.stop_job_and_wait(self.job);
            bar.end();
            answer?
        } else {
            session.client.stop_job(self.job)?
        };
        match session.form {
            Form::Json => session.say_json(&json)?,
            Form::People if view.stopped && view.status.is_ended() => session.note("stopped"),
            Form::People if view.stopped => session.note("asked to stop; --wait waits for its end"),
            Form::People => return Err(Failure::failed(format!("the job is not stopped: it is {}", view.status))),
        }
        Ok(if view.stopped { Exit::Done } else { Exit::Failed })
    }
}
