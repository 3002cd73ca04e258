//! `cofferdam webhook remove`.

use clap::Args;

use crate::cli::session::Session;
use crate::cli::{Exit, Failure};
use crate::domain::WebhookId;

/// Remove a webhook, and its log of deliveries
///
/// What waits for it is not sent any more.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  cofferdam webhook remove 0192f0c1-2a3b-7c4d-8e5f-60718293a4b5")]
pub struct Remove {
    /// Which webhook
    webhook: WebhookId,
}

impl Remove {
    pub(super) fn execute(self, session: &Session) -> Result<Exit, Failure> {
        session.client.remove_webhook(self.webhook)?;
        session.note(&format!("removed {}", self.webhook));
        Ok(Exit::Done)
    }
}
