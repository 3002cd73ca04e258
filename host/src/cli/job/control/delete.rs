//! `cofferdam job delete`.

use clap::Args;

use super::many::{Meant, Selection, all};
use crate::cli::job::job_id::job_id;
use crate::cli::session::Session;
use crate::cli::{Exit, Failure};
use crate::domain::{JobId, ModuleRef};

/// Remove an ended job with all it has
#[derive(Debug, Args)]
#[command(after_help = "\
Its log, results and checkpoint go with it, for good.

Examples:
  cofferdam job delete 01890a5d-ac96-774b-bcce-b302099a8057
  cofferdam job delete --status completed --module csv-profile")]
pub struct Delete {
    /// The job's id
    #[arg(value_parser = job_id)]
    job: Option<JobId>,
    #[command(flatten)]
    selection: Selection,
    /// Instead of one job: all of this module
    #[arg(long, conflicts_with = "job")]
    module: Option<ModuleRef>,
}

impl Delete {
    pub(in crate::cli::job) fn execute(self, session: &Session) -> Result<Exit, Failure> {
        match self.selection.meant(self.job, self.module.as_ref())? {
            Meant::One(job) => {
                session.client.delete_job(job)?;
                session.note("deleted");
                Ok(Exit::Done)
            }
            Meant::Many(select) => all(session, "delete", "deleted", select),
        }
    }
}
