//! `cofferdam job checkpoint`.

use clap::Args;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::cli::client::api::read;
use crate::cli::job::job_id::job_id;
use crate::cli::session::{Form, Session};
use crate::cli::{Exit, Failure};
use crate::domain::JobId;

/// Print the state that a job would resume from
#[derive(Debug, Args)]
#[command(after_help = "\
Prints what the module saved; with --json also when and in which attempt.

Example:
  cofferdam job checkpoint 01890a5d-ac96-774b-bcce-b302099a8057 > state.json")]
pub struct Checkpoint {
    /// The job's id
    #[arg(value_parser = job_id)]
    job: JobId,
}

impl Checkpoint {
    pub(in crate::cli::job) fn execute(self, session: &Session) -> Result<Exit, Failure> {
        #[derive(Deserialize)]
        struct Stored {
            checkpoint: Box<RawValue>,
        }
        let json = session.client.checkpoint(self.job)?;
        match session.form {
            Form::Json => session.say_json(&json)?,
            Form::People => session.say_json(read::<Stored>(&json)?.checkpoint.get())?,
        }
        Ok(Exit::Done)
    }
}
