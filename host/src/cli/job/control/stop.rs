//! `cofferdam job stop`.

use clap::Args;

use super::many::{Meant, Selection, all};
use crate::cli::job::job_id::job_id;
use crate::cli::output::Bar;
use crate::cli::session::{Form, Session};
use crate::cli::{Exit, Failure};
use crate::domain::{JobId, ModuleRef};

/// Ask a job to stop
#[derive(Debug, Args)]
#[command(after_help = "\
The module has its grace period to save its state and return. Ends with 1 when the job had ended already, or, \
with --wait, when it ended in another way than stopped.

Examples:
  cofferdam job stop 01890a5d-ac96-774b-bcce-b302099a8057
  cofferdam job stop 01890a5d-ac96-774b-bcce-b302099a8057 --wait
  cofferdam job stop --label team=billing")]
pub struct Stop {
    /// The job's id
    #[arg(value_parser = job_id)]
    job: Option<JobId>,
    #[command(flatten)]
    selection: Selection,
    /// Instead of one job: all of this module
    #[arg(long, conflicts_with = "job")]
    module: Option<ModuleRef>,
    /// Wait for the job's end
    #[arg(long, requires = "job")]
    wait: bool,
}

impl Stop {
    pub(in crate::cli::job) fn execute(self, session: &Session) -> Result<Exit, Failure> {
        let job = match self.selection.meant(self.job, self.module.as_ref())? {
            Meant::One(job) => job,
            Meant::Many(select) => return all(session, "stop", "asked to stop", select),
        };
        let (json, view) = if self.wait {
            let bar = Bar::start(session.looks.err, "waiting for the job's end");
            let answer = session.client.stop_job_and_wait(job);
            bar.end();
            answer?
        } else {
            session.client.stop_job(job)?
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
