//! `cofferdam job keep`.

use clap::Args;

use crate::cli::job::job_id::job_id;
use crate::cli::session::{Form, Session};
use crate::cli::{Exit, Failure};
use crate::domain::JobId;

/// Keep a job, however old it is
#[derive(Debug, Args)]
#[command(after_help = "\
Retention leaves it alone, with all that it has; only `cofferdam job delete` removes it.

Examples:
  cofferdam job keep 01890a5d-ac96-774b-bcce-b302099a8057
  cofferdam job keep 01890a5d-ac96-774b-bcce-b302099a8057 --no-longer")]
pub struct Keep {
    /// The job's id
    #[arg(value_parser = job_id)]
    job: JobId,
    /// It may go like any other
    #[arg(long)]
    no_longer: bool,
}

impl Keep {
    pub(in crate::cli::job) fn execute(self, session: &Session) -> Result<Exit, Failure> {
        let json = session.client.keep_job(self.job, !self.no_longer)?;
        match session.form {
            Form::Json => session.say_json(&json)?,
            Form::People if self.no_longer => session.note("kept no longer"),
            Form::People => session.note("kept"),
        }
        Ok(Exit::Done)
    }
}
