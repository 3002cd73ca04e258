//! `cofferdam webhook deliveries`.

use clap::Args;

use crate::cli::client::DeliveryView;
use crate::cli::client::api::read;
use crate::cli::output::{Cell, Table, ago};
use crate::cli::session::{Form, Session, say};
use crate::cli::{Exit, Failure};
use crate::domain::{DeliveryState, WebhookId};

/// List what a webhook was told, newest first
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  cofferdam webhook deliveries 0192f0c1-2a3b-7c4d-8e5f-60718293a4b5
  cofferdam webhook deliveries 0192f0c1-2a3b-7c4d-8e5f-60718293a4b5 --state failed --json | jq -r .last_error")]
pub struct Deliveries {
    /// Which webhook
    webhook: WebhookId,
    /// Only those that stand there: waiting, delivered or failed
    #[arg(long, value_name = "STATE")]
    state: Option<DeliveryState>,
    /// How many at most
    #[arg(long, value_name = "NUMBER", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=1000))]
    limit: u32,
}

impl Deliveries {
    pub(super) fn execute(self, session: &Session) -> Result<Exit, Failure> {
        let page = session.client.deliveries(self.webhook, self.state, self.limit)?;
        if session.form == Form::Json {
            session.say_lines(&page.entries)?;
            return Ok(Exit::Done);
        }
        if page.entries.is_empty() {
            session.note("nothing was told yet; `cofferdam webhook test` tries it");
            return Ok(Exit::Done);
        }
        let heading = ["event", "type", "state", "attempts", "status", "when", "next", "job", "error"];
        let mut table = Table::new(session.looks.out, &heading).flexible(8);
        for entry in &page.entries {
            let delivery: DeliveryView = read(entry.get())?;
            table.row(vec![
                Cell::Text(delivery.event_id.to_string()),
                Cell::Text(delivery.r#type),
                Cell::Text(delivery.state),
                Cell::Number(delivery.attempts.to_string()),
                Cell::Number(delivery.last_status.map_or_else(String::new, |status| status.to_string())),
                Cell::Text(ago(&delivery.created_at)),
                Cell::Text(delivery.next_attempt_at.unwrap_or_default()),
                Cell::Text(delivery.job_id.unwrap_or_default()),
                Cell::Text(delivery.last_error.unwrap_or_default()),
            ]);
        }
        say(&table.render())?;
        if page.next.is_some() {
            session.note("there are more; --limit shows them");
        }
        Ok(Exit::Done)
    }
}
