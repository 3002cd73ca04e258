//! `cofferdam webhook enable` and `disable`.

use clap::Args;

use crate::cli::client::WebhookView;
use crate::cli::client::api::read;
use crate::cli::session::{Form, Session};
use crate::cli::{Exit, Failure};
use crate::domain::WebhookId;

/// Switch a webhook on, also one that the host has given up
///
/// What waited for it is sent now. What failed is sent by `cofferdam webhook resend --failed-since`.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  cofferdam webhook enable 0192f0c1-2a3b-7c4d-8e5f-60718293a4b5")]
pub struct Enable {
    /// Which webhook
    webhook: WebhookId,
}

/// Switch a webhook off
///
/// What waits for it stays; what happens meanwhile is not told.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  cofferdam webhook disable 0192f0c1-2a3b-7c4d-8e5f-60718293a4b5")]
pub struct Disable {
    /// Which webhook
    webhook: WebhookId,
}

impl Enable {
    pub(super) fn execute(self, session: &Session) -> Result<Exit, Failure> {
        switch(session, self.webhook, |webhook| webhook.is.enabled = true)
    }
}

impl Disable {
    pub(super) fn execute(self, session: &Session) -> Result<Exit, Failure> {
        switch(session, self.webhook, |webhook| webhook.is.enabled = false)
    }
}

fn switch(session: &Session, id: WebhookId, change: impl FnOnce(&mut WebhookView)) -> Result<Exit, Failure> {
    let mut webhook: WebhookView = read(&session.client.webhook(id)?)?;
    change(&mut webhook);
    let json = session.client.change_webhook(id, &webhook.is)?;
    match session.form {
        Form::Json => session.say_json(&json)?,
        Form::People => session.note(&format!("{id} is {}", if webhook.is.enabled { "on" } else { "off" })),
    }
    Ok(Exit::Done)
}
