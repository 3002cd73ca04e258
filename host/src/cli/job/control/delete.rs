//! `cofferdam job delete`.

use clap::Args;

use crate::cli::job::job_id::job_id;
use crate::cli::session::Session;
use crate::cli::{Exit, Failure};
use crate::domain::JobId;

/// Remove an ended job with all it has
#[derive(Debug, Args)]
#[command(after_help = "\
Its log, results and checkpoint go with it, for good.

Example:
  cofferdam job delete 01890a5d-ac96-774b-bcce-b302099a8057")]
pub struct Delete {
    /// The job's id
    #[arg(value_parser = job_id)]
    job: JobId,
}

impl Delete {
    pub(in crate::cli::job) fn execute(self, session: &Session) -> Result<Exit, Failure> {
        session.client.delete_job(self.job)?;
        session.note("deleted");
        Ok(Exit::Done)
    }
}
