//! The verbs of `cofferdam webhook`.

use clap::Subcommand;

use super::{add, deliveries, list, remove, resend, rotate, show, switch, test};
use crate::cli::session::Session;
use crate::cli::{Exit, Failure};

/// Say who is told when jobs end, and see what they were told
#[derive(Debug, Subcommand)]
#[command(after_help = "\
Needs a token with the scopes webhooks:read and webhooks:write, once there are tokens.

Examples:
  cofferdam webhook add https://hooks.example.com/cofferdam --end failed > secret.txt
  cofferdam webhook test 0192f0c1-2a3b-7c4d-8e5f-60718293a4b5
  cofferdam webhook deliveries 0192f0c1-2a3b-7c4d-8e5f-60718293a4b5 --state failed")]
pub enum WebhookCommand {
    /// Make a webhook and print its signing secret, this once
    Add(add::Add),
    /// List webhooks
    List(list::List),
    /// Show a webhook
    Show(show::Show),
    /// Remove a webhook, and its log of deliveries
    Remove(remove::Remove),
    /// Send an event that says nothing, and wait for what comes of it
    Test(test::Test),
    /// Give a webhook another signing secret and print it, this once
    Rotate(rotate::Rotate),
    /// Switch a webhook on, also one that the host has given up
    Enable(switch::Enable),
    /// Switch a webhook off
    Disable(switch::Disable),
    /// List what a webhook was told, newest first
    Deliveries(deliveries::Deliveries),
    /// Send deliveries once more
    Resend(resend::Resend),
}

impl WebhookCommand {
    pub(in crate::cli) fn execute(self, session: &Session) -> Result<Exit, Failure> {
        match self {
            Self::Add(command) => command.execute(session),
            Self::List(list::List {}) => list::List::execute(session),
            Self::Show(command) => command.execute(session),
            Self::Remove(command) => command.execute(session),
            Self::Test(command) => command.execute(session),
            Self::Rotate(command) => command.execute(session),
            Self::Enable(command) => command.execute(session),
            Self::Disable(command) => command.execute(session),
            Self::Deliveries(command) => command.execute(session),
            Self::Resend(command) => command.execute(session),
        }
    }
}
