//! `cofferdam webhook resend`.

use clap::Args;

use crate::cli::session::{Form, Session, say};
use crate::cli::{Exit, Failure};
use crate::domain::{EventId, Timestamp, WebhookId};

/// Send deliveries once more
///
/// The receiver gets the same events under the same ids.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  cofferdam webhook resend 0192f0c1-2a3b-7c4d-8e5f-60718293a4b5 0192f0d2-3b4c-7d5e-9f60-718293a4b5c6
  cofferdam webhook resend 0192f0c1-2a3b-7c4d-8e5f-60718293a4b5 --failed-since 2026-01-31T12:00:00Z")]
pub struct Resend {
    /// Which webhook
    webhook: WebhookId,
    /// One event, whatever became of it
    #[arg(required_unless_present = "failed_since", conflicts_with = "failed_since")]
    event: Option<EventId>,
    /// All that failed, of what happened since then
    #[arg(long, value_name = "TIME")]
    failed_since: Option<Timestamp>,
}

impl Resend {
    pub(super) fn execute(self, session: &Session) -> Result<Exit, Failure> {
        let (json, count) = match (self.event, self.failed_since) {
            (Some(event), _) => (session.client.resend_delivery(self.webhook, event)?, 1),
            (None, Some(since)) => session.client.resend_failed(self.webhook, since)?,
            (None, None) => return Err(Failure::usage("name an event, or a time with --failed-since")),
        };
        match session.form {
            Form::Json => session.say_json(&json)?,
            Form::People => say(&format!("sending {count} once more"))?,
        }
        Ok(Exit::Done)
    }
}
