//! `cofferdam job resume`.

use clap::Args;

use super::many::{Meant, Selection, all};
use crate::cli::client::api::read;
use crate::cli::client::{JobView, ResumeBody};
use crate::cli::job::follow::{Since, follow};
use crate::cli::job::given::Given;
use crate::cli::job::job_id::job_id;
use crate::cli::session::{Form, Session};
use crate::cli::{Exit, Failure};
use crate::domain::{JobId, ModuleRef};

/// Start a stopped or failed job again, from its last checkpoint
#[derive(Debug, Args)]
#[command(after_help = "\
What is given replaces what the job had; all else stays. The run time is counted anew.

Examples:
  cofferdam job resume 01890a5d-ac96-774b-bcce-b302099a8057 --follow
  cofferdam job resume 01890a5d-ac96-774b-bcce-b302099a8057 --max-duration 2h --settings '{\"threads\": 2}'
  cofferdam job resume 01890a5d-ac96-774b-bcce-b302099a8057 --start-over --module csv-profile@1.0.1
  cofferdam job resume --status failed --module csv-profile")]
pub struct Resume {
    /// The job's id
    #[arg(value_parser = job_id)]
    job: Option<JobId>,
    #[command(flatten)]
    selection: Selection,
    #[command(flatten)]
    given: Given,
    /// Move the job to another version of its module; without a job, all jobs of this module
    #[arg(long)]
    module: Option<ModuleRef>,
    /// Forget the checkpoint; all earlier results are superseded
    #[arg(long, conflicts_with = "checkpoint", requires = "job")]
    start_over: bool,
    /// Show the log until the job has ended, then its results
    #[arg(long, short, requires = "job")]
    follow: bool,
}

impl Resume {
    pub(in crate::cli::job) fn execute(self, session: &Session) -> Result<Exit, Failure> {
        let job = match self.selection.meant(self.job, self.module.as_ref())? {
            Meant::One(job) => job,
            Meant::Many(_) if self.given.is_any() => {
                return Err(Failure::usage("many jobs are resumed with what they had")
                    .next("name one job to give it other inputs, settings, run time or a checkpoint"));
            }
            Meant::Many(select) => return all(session, "resume", "resumed", select),
        };
        let given = self.given.read()?;
        let checkpoint = if self.start_over { Some(None) } else { given.checkpoint.map(Some) };
        let body = ResumeBody {
            module_id: self.module,
            inputs: given.inputs,
            settings: given.settings,
            checkpoint,
            max_duration: self.given.max_duration,
        };
        let json = session.client.resume_job(job, &body)?;
        let view: JobView = read(&json)?;
        if self.follow {
            // The lines so far were written before; the results are those that count at the end.
            return follow(session, job, Since { line: view.last_log_seq, result: 0 });
        }
        match session.form {
            Form::Json => session.say_json(&json)?,
            Form::People => {
                session.note(&format!("{}; `cofferdam job logs {} --follow` shows its log", view.status, job));
            }
        }
        Ok(Exit::Done)
    }
}
