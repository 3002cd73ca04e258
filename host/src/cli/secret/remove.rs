//! `cofferdam secret remove`.

use clap::Args;

use crate::cli::session::Session;
use crate::cli::{Exit, Failure};
use crate::domain::SecretName;

/// Remove a secret
///
/// Jobs of modules that were granted it fail from then on.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  cofferdam secret remove billing-api-key")]
pub struct Remove {
    /// Which secret
    name: SecretName,
}

impl Remove {
    pub(super) fn execute(self, session: &Session) -> Result<Exit, Failure> {
        session.client.remove_secret(&self.name)?;
        session.note(&format!("removed {}", self.name));
        Ok(Exit::Done)
    }
}
