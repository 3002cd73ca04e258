//! What the API answers of webhooks, as types, and short words for common requests.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::harness::{Client, Host, Job, eventually};

/// What a host needs that tells receivers on this machine. Attempts are quick and many.
pub(super) const HERE: [&str; 4] = [
    "webhooks.http=true",
    "webhooks.private_networks=127.0.0.0/8",
    "webhooks.timeout=2s",
    "webhooks.retries=100ms,100ms,100ms,200ms,200ms,500ms,1s,1s,1s,1s,1s,1s,1s,1s,1s,1s,1s,1s,1s,1s",
];

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WebhookView {
    pub(super) id: String,
    pub(super) url: String,
    pub(super) description: String,
    pub(super) ends: Vec<String>,
    pub(super) modules: Option<Vec<String>>,
    pub(super) labels: BTreeMap<String, String>,
    pub(super) enabled: bool,
    pub(super) given_up: Option<String>,
    pub(super) failing_since: Option<String>,
    pub(super) old_secret_until: Option<String>,
    pub(super) created_at: String,
    pub(super) updated_at: String,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DeliveryView {
    pub(super) event_id: String,
    pub(super) r#type: String,
    pub(super) job_id: Option<String>,
    pub(super) created_at: String,
    pub(super) state: String,
    pub(super) attempts: u32,
    pub(super) under_way: bool,
    pub(super) next_attempt_at: Option<String>,
    pub(super) last_attempt_at: Option<String>,
    pub(super) last_status: Option<u16>,
    pub(super) last_answer: Option<String>,
    pub(super) last_error: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WithSecret {
    pub(super) secret: String,
    pub(super) webhook: WebhookView,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Deliveries {
    pub(super) deliveries: Vec<DeliveryView>,
    pub(super) next_cursor: Option<String>,
}

/// A webhook that was made, as its owner has it.
pub(super) struct Hook {
    client: Client,
    pub(super) id: String,
    pub(super) secret: String,
}

impl Hook {
    /// Makes one.
    #[track_caller]
    pub(super) fn make(client: &Client, definition: &Value) -> Self {
        let made: WithSecret = client.post("/v1/webhooks", &json!({ "webhook": definition })).read(201);
        assert!(made.secret.starts_with("whsec_"), "{}", made.secret);
        Self { client: client.clone(), id: made.webhook.id, secret: made.secret }
    }

    /// One for every end of every job.
    #[track_caller]
    pub(super) fn to(client: &Client, url: &str) -> Self {
        Self::make(client, &json!({ "url": url }))
    }

    pub(super) fn path(&self, part: &str) -> String {
        format!("/v1/webhooks/{}{part}", self.id)
    }

    #[track_caller]
    pub(super) fn show(&self) -> WebhookView {
        self.client.get(&self.path("")).read(200)
    }

    /// What it was told, oldest first.
    #[track_caller]
    pub(super) fn deliveries(&self) -> Vec<DeliveryView> {
        let Deliveries { mut deliveries, .. } = self.client.get(&self.path("/deliveries?limit=1000")).read(200);
        deliveries.reverse();
        deliveries
    }

    /// Waits until something is true of what it was told of a job.
    #[track_caller]
    pub(super) fn until(&self, job: &Job, what: &str, is_true: impl Fn(&DeliveryView) -> bool) -> DeliveryView {
        eventually(what, || {
            let told = self.deliveries().into_iter().find(|told| told.job_id.as_deref() == Some(&job.id))?;
            is_true(&told).then_some(told)
        })
    }

    /// Waits until it was told of a job.
    #[track_caller]
    pub(super) fn knows(&self, job: &Job) -> DeliveryView {
        self.until(job, "the webhook was told of the job", |told| told.state == "delivered")
    }
}

/// A job that has ended a moment later.
#[track_caller]
pub(super) fn short_job(host: &Host) -> Job {
    host.hostile(json!({ "behaviour": "count", "to": 1 }))
}
