//! `cofferdam webhook test`.

use std::time::Duration;

use clap::Args;

use crate::cli::client::DeliveryView;
use crate::cli::client::api::read;
use crate::cli::output::escape;
use crate::cli::session::{Form, Session, say};
use crate::cli::{Exit, Failure};
use crate::domain::WebhookId;

/// Between two looks at what has come of it.
const LOOK: Duration = Duration::from_millis(100);

/// Send an event that says nothing, and wait for what comes of it
///
/// Ends with 1 unless the receiver took it. It is not tried again.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  cofferdam webhook test 0192f0c1-2a3b-7c4d-8e5f-60718293a4b5")]
pub struct Test {
    /// Which webhook
    webhook: WebhookId,
}

impl Test {
    pub(super) fn execute(self, session: &Session) -> Result<Exit, Failure> {
        let mut json = session.client.test_webhook(self.webhook)?;
        let delivery = loop {
            let delivery: DeliveryView = read(&json)?;
            if delivery.state != "waiting" {
                break delivery;
            }
            std::thread::sleep(LOOK);
            json = session.client.delivery(self.webhook, delivery.event_id)?;
        };
        if session.form == Form::Json {
            session.say_json(&json)?;
        }
        match (delivery.state.as_str(), delivery.last_error) {
            ("delivered", _) => {
                if session.form == Form::People {
                    let status = delivery.last_status.map_or_else(String::new, |status| format!(" ({status})"));
                    say(&format!("the receiver took it{status}"))?;
                }
                Ok(Exit::Done)
            }
            (_, error) => {
                let why = error.unwrap_or_else(|| "no reason was noted".to_owned());
                Err(Failure::failed(format!("the receiver did not take it: {}", escape::one_line(&why))))
            }
        }
    }
}
