//! `cofferdam webhook list`.

use clap::Args;

use crate::cli::client::WebhookView;
use crate::cli::client::api::read;
use crate::cli::output::{Cell, Table, ago};
use crate::cli::session::{Form, Session, say};
use crate::cli::{Exit, Failure};

/// List webhooks
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  cofferdam webhook list\n  cofferdam webhook list --json | jq -r 'select(.enabled | not).id'"
)]
pub struct List {}

impl List {
    pub(super) fn execute(session: &Session) -> Result<Exit, Failure> {
        let webhooks = session.client.webhooks()?;
        if session.form == Form::Json {
            session.say_lines(&webhooks)?;
            return Ok(Exit::Done);
        }
        if webhooks.is_empty() {
            session.note("no webhooks yet; `cofferdam webhook add URL` makes one");
            return Ok(Exit::Done);
        }
        let mut table = Table::new(session.looks.out, &["id", "url", "state", "ends", "modules"]).flexible(1);
        for webhook in &webhooks {
            let webhook: WebhookView = read(webhook.get())?;
            let state = state(&webhook);
            table.row(vec![
                Cell::Text(webhook.id.to_string()),
                Cell::Text(webhook.is.url),
                Cell::Text(state),
                Cell::Text(webhook.is.ends.join(" ")),
                Cell::Text(webhook.is.modules.map_or_else(|| "all".to_owned(), |names| names.join(" "))),
            ]);
        }
        say(&table.render())?;
        Ok(Exit::Done)
    }
}

/// How a webhook stands, in some words.
pub(super) fn state(webhook: &WebhookView) -> String {
    match (&webhook.given_up, webhook.is.enabled, &webhook.failing_since) {
        (Some(_), ..) => "given up".to_owned(),
        (None, false, _) => "off".to_owned(),
        (None, true, Some(since)) => format!("failing since {}", ago(since)),
        (None, true, None) => "on".to_owned(),
    }
}
