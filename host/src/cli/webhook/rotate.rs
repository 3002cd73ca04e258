//! `cofferdam webhook rotate`.

use std::time::Duration;

use clap::Args;

use super::secret_file::{SecretFile, shown_once};
use crate::cli::client::RotateBody;
use crate::cli::job::duration;
use crate::cli::session::Session;
use crate::cli::{Exit, Failure};
use crate::domain::WebhookId;

/// Give a webhook another signing secret and print it, this once
///
/// For some time deliveries carry two signatures, so that the receiver can change over without losing any.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  cofferdam webhook rotate 0192f0c1-2a3b-7c4d-8e5f-60718293a4b5 > secret.txt
  cofferdam webhook rotate 0192f0c1-2a3b-7c4d-8e5f-60718293a4b5 --keep-old 0s")]
pub struct Rotate {
    /// Which webhook
    webhook: WebhookId,
    /// For how long the former secret signs, too; a day unless the server says otherwise
    #[arg(long, value_name = "TIME", value_parser = duration)]
    keep_old: Option<Duration>,
    #[command(flatten)]
    secret: SecretFile,
}

impl Rotate {
    pub(super) fn execute(self, session: &Session) -> Result<Exit, Failure> {
        let rotate = RotateBody { secret: self.secret.read()?, keep_old_for: self.keep_old };
        let json = session.client.rotate_webhook(self.webhook, &rotate)?;
        shown_once(session, &json, "has another secret")
    }
}
