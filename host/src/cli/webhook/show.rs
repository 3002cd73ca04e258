//! `cofferdam webhook show`.

use clap::Args;

use super::list::state;
use crate::cli::client::WebhookView;
use crate::cli::client::api::read;
use crate::cli::output::{Facts, ago, escape};
use crate::cli::session::{Form, Session, say};
use crate::cli::{Exit, Failure};
use crate::domain::WebhookId;

/// Show a webhook
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  cofferdam webhook show 0192f0c1-2a3b-7c4d-8e5f-60718293a4b5")]
pub struct Show {
    /// Which webhook
    webhook: WebhookId,
}

impl Show {
    pub(super) fn execute(self, session: &Session) -> Result<Exit, Failure> {
        let json = session.client.webhook(self.webhook)?;
        if session.form == Form::Json {
            session.say_json(&json)?;
            return Ok(Exit::Done);
        }
        let webhook: WebhookView = read(&json)?;
        let labels: Vec<_> = webhook.is.labels.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut facts = Facts::new(session.looks.out);
        for (name, value) in [
            ("id", webhook.id.to_string()),
            ("url", webhook.is.url.clone()),
            ("description", webhook.is.description.clone()),
            ("state", state(&webhook)),
            ("given up", webhook.given_up.clone().unwrap_or_default()),
            ("ends", webhook.is.ends.join(" ")),
            ("modules", webhook.is.modules.clone().map_or_else(|| "all".to_owned(), |names| names.join(" "))),
            ("labels", labels.join(" ")),
            ("old secret signs until", webhook.old_secret_until.clone().unwrap_or_default()),
            ("made", format!("{} ({})", ago(&webhook.created_at), webhook.created_at)),
        ] {
            facts.add(name, escape::one_line(&value));
        }
        say(&facts.render())?;
        Ok(Exit::Done)
    }
}
