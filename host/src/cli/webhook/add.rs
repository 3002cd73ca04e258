//! `cofferdam webhook add`.

use clap::Args;

use super::secret_file::{SecretFile, shown_once};
use crate::cli::client::{NewWebhookBody, WebhookBody};
use crate::cli::session::Session;
use crate::cli::{Exit, Failure};
use crate::domain::job::labels::label;
use crate::domain::{Ends, Status};

/// Make a webhook and print its signing secret, this once
///
/// It is told of each job that ends from now on and that fits. The secret alone goes to stdout.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  cofferdam webhook add https://hooks.example.com/cofferdam > secret.txt
  cofferdam webhook add https://hooks.example.com/pager --end failed --module csv-profile --label team=billing")]
pub struct Add {
    /// Where it is told: an address of https
    url: String,
    /// What it is for
    #[arg(long, value_name = "TEXT", default_value = "")]
    description: String,
    /// Tell of this end alone: completed, failed or stopped; may be repeated
    #[arg(long = "end", value_name = "END", value_parser = end)]
    ends: Vec<String>,
    /// Tell of jobs of this module alone; may be repeated
    #[arg(long = "module", value_name = "NAME")]
    modules: Vec<String>,
    /// Tell of jobs with this label alone; may be repeated
    #[arg(long = "label", value_name = "NAME=VALUE", value_parser = label)]
    labels: Vec<(String, String)>,
    #[command(flatten)]
    secret: SecretFile,
}

impl Add {
    pub(super) fn execute(self, session: &Session) -> Result<Exit, Failure> {
        let secret = self.secret.read()?;
        let ends =
            if self.ends.is_empty() { Ends::all().iter().map(|end| end.to_string()).collect() } else { self.ends };
        let webhook = WebhookBody {
            url: self.url,
            description: self.description,
            ends,
            modules: (!self.modules.is_empty()).then_some(self.modules),
            labels: self.labels.into_iter().collect(),
            enabled: true,
        };
        let json = session.client.create_webhook(&NewWebhookBody { webhook, secret })?;
        shown_once(session, &json, "was made")
    }
}

fn end(text: &str) -> Result<String, String> {
    let ends = Ends::named([text]).map_err(|error| error.to_string())?;
    Ok(ends.iter().map(Status::as_str).collect())
}
