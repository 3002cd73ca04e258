//! `cofferdam module remove`.

use clap::Args;

use crate::cli::session::Session;
use crate::cli::{Exit, Failure};
use crate::domain::ModuleRef;

/// Remove a version of a module
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  cofferdam module remove csv-profile@1.0.0")]
pub struct Remove {
    /// Which version.
    #[arg(value_parser = exact, help = "NAME@VERSION or sha256:DIGEST")]
    module: ModuleRef,
}

impl Remove {
    pub(super) fn execute(self, session: &Session) -> Result<Exit, Failure> {
        session.client.remove_module(&self.module)?;
        session.note(&format!("removed {}", self.module));
        Ok(Exit::Done)
    }
}

/// A bare name may mean another version tomorrow.
fn exact(text: &str) -> Result<ModuleRef, String> {
    match text.parse().map_err(|error: crate::domain::InvalidModuleRef| error.to_string())? {
        ModuleRef::Newest(name) => {
            Err(format!("removing needs a version ({name}@1.0.0) or a digest; `cofferdam module list` shows them"))
        }
        exact @ (ModuleRef::Version(..) | ModuleRef::Digest(_)) => Ok(exact),
    }
}
