//! How a webhook looks to clients: without its signing secret, but for the one answer that makes it.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::{Status, Timestamp, Webhook, WebhookId, WebhookState};

/// A webhook.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Webhook)]
pub(crate) struct WebhookJson<'h> {
    /// Its id.
    #[schema(value_type = uuid::Uuid)]
    id: WebhookId,
    /// Where it is told.
    #[schema(example = "https://hooks.example.com/cofferdam")]
    url: &'h str,
    /// What it is for.
    description: &'h str,
    /// Which ends are told.
    #[schema(example = json!(["completed", "failed", "stopped"]))]
    ends: Vec<&'static str>,
    /// The modules of whose jobs it is told; null for all.
    modules: Option<Vec<&'h str>>,
    /// The labels that a job must have.
    labels: BTreeMap<&'h str, &'h str>,
    /// Whether it is told anything.
    enabled: bool,
    /// Why the host has switched it off; null when it has not.
    given_up: Option<&'h str>,
    /// Since when every attempt has failed; null when the last one did not.
    #[schema(value_type = Option<String>, format = DateTime)]
    failing_since: Option<Timestamp>,
    /// Until when deliveries are also signed with the former secret.
    #[schema(value_type = Option<String>, format = DateTime)]
    old_secret_until: Option<Timestamp>,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it was last changed, by whomever.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
}

/// A webhook and its new signing secret.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WebhookWithSecret)]
pub(crate) struct WithSecretJson<'h> {
    /// What its receiver checks signatures with. It is never shown again.
    #[schema(example = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    pub(super) secret: &'h str,
    /// All the rest.
    pub(super) webhook: WebhookJson<'h>,
}

impl<'h> From<&'h Webhook> for WebhookJson<'h> {
    fn from(webhook: &'h Webhook) -> Self {
        let given_up = match &webhook.state {
            WebhookState::Enabled | WebhookState::Disabled => None,
            WebhookState::GivenUp(reason) => Some(reason.as_str()),
        };
        Self {
            id: webhook.id,
            url: webhook.url.as_str(),
            description: &webhook.description,
            ends: webhook.ends.iter().map(Status::as_str).collect(),
            modules: webhook.modules.names().map(|names| names.iter().map(String::as_str).collect()),
            labels: webhook.labels.pairs().iter().map(|(name, value)| (name.as_str(), value.as_str())).collect(),
            enabled: webhook.is_enabled(),
            given_up,
            failing_since: webhook.failing_since,
            old_secret_until: webhook.old_secret_until,
            created_at: webhook.created_at,
            updated_at: webhook.updated_at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::document::assert_documented;
    use crate::domain::{Ends, HttpAddress, LabelSelector, Reach};

    #[test]
    fn a_webhook_is_what_the_document_says() {
        let at = Timestamp::from_millis(0);
        let webhook = Webhook {
            id: WebhookId::new(),
            url: HttpAddress::parse("https://a.example/x").expect("an address"),
            description: String::new(),
            ends: Ends::all(),
            modules: Reach::of(["hello".to_owned()]),
            labels: "team=billing".parse::<LabelSelector>().expect("labels"),
            state: WebhookState::GivenUp("why".to_owned()),
            failing_since: None,
            old_secret_until: None,
            created_at: at,
            updated_at: at,
        };
        let whole = WithSecretJson { secret: "whsec_x", webhook: (&webhook).into() };
        let shown = serde_json::to_value(whole).expect("JSON");
        assert_documented("WebhookWithSecret", &shown);
        assert_documented("Webhook", &shown["webhook"]);
        assert_eq!(shown["webhook"]["labels"], serde_json::json!({ "team": "billing" }));
        assert_eq!((&shown["webhook"]["enabled"], &shown["webhook"]["given_up"]), (&false.into(), &"why".into()));
    }
}
