//! Webhooks over the API: one function for each call, and what is shown of the answers.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::Client;
use super::api::{Page, body, read};
use super::http::{Request, Verb};
use super::requests::as_span;
use crate::cli::Failure;
use crate::domain::{DeliveryState, EventId, Timestamp, WebhookId};

/// A webhook as it is to be.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(in crate::cli) struct WebhookBody {
    pub(in crate::cli) url: String,
    pub(in crate::cli) description: String,
    pub(in crate::cli) ends: Vec<String>,
    pub(in crate::cli) modules: Option<Vec<String>>,
    pub(in crate::cli) labels: BTreeMap<String, String>,
    pub(in crate::cli) enabled: bool,
}

/// A webhook to make.
#[derive(Debug, Serialize)]
pub(in crate::cli) struct NewWebhookBody {
    pub(in crate::cli) webhook: WebhookBody,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::cli) secret: Option<String>,
}

/// Another signing secret.
#[derive(Debug, Serialize)]
pub(in crate::cli) struct RotateBody {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::cli) secret: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "as_span")]
    pub(in crate::cli) keep_old_for: Option<Duration>,
}

/// A webhook.
#[derive(Debug, Clone, Deserialize)]
pub(in crate::cli) struct WebhookView {
    pub(in crate::cli) id: WebhookId,
    #[serde(flatten)]
    pub(in crate::cli) is: WebhookBody,
    pub(in crate::cli) given_up: Option<String>,
    pub(in crate::cli) failing_since: Option<String>,
    pub(in crate::cli) old_secret_until: Option<String>,
    pub(in crate::cli) created_at: String,
}

/// A webhook and its new signing secret.
#[derive(Debug, Deserialize)]
pub(in crate::cli) struct WithSecretView {
    pub(in crate::cli) secret: String,
    pub(in crate::cli) webhook: WebhookView,
}

/// One event on its way to one webhook.
#[derive(Debug, Clone, Deserialize)]
pub(in crate::cli) struct DeliveryView {
    pub(in crate::cli) event_id: EventId,
    pub(in crate::cli) r#type: String,
    pub(in crate::cli) job_id: Option<String>,
    pub(in crate::cli) created_at: String,
    pub(in crate::cli) state: String,
    pub(in crate::cli) attempts: u32,
    pub(in crate::cli) next_attempt_at: Option<String>,
    pub(in crate::cli) last_status: Option<u16>,
    pub(in crate::cli) last_error: Option<String>,
}

fn path(webhook: WebhookId, rest: &str) -> String {
    format!("/v1/webhooks/{webhook}{rest}")
}

impl Client {
    /// `POST /v1/webhooks`.
    pub(in crate::cli) fn create_webhook(&self, new: &NewWebhookBody) -> Result<String, Failure> {
        Ok(self.ask(&Request::new(Verb::PostJson(&body(new)), "/v1/webhooks"))?.body)
    }

    /// `GET /v1/webhooks`: all of them.
    pub(in crate::cli) fn webhooks(&self) -> Result<Vec<Box<RawValue>>, Failure> {
        #[derive(Deserialize)]
        struct Webhooks {
            webhooks: Vec<Box<RawValue>>,
        }
        let Webhooks { webhooks } = read(&self.ask(&Request::new(Verb::Get, "/v1/webhooks"))?.body)?;
        Ok(webhooks)
    }

    /// `GET /v1/webhooks/{webhook_id}`.
    pub(in crate::cli) fn webhook(&self, id: WebhookId) -> Result<String, Failure> {
        Ok(self.ask(&Request::new(Verb::Get, path(id, "")))?.body)
    }

    /// `PUT /v1/webhooks/{webhook_id}`.
    pub(in crate::cli) fn change_webhook(&self, id: WebhookId, webhook: &WebhookBody) -> Result<String, Failure> {
        Ok(self.ask(&Request::new(Verb::PutJson(&body(webhook)), path(id, "")))?.body)
    }

    /// `DELETE /v1/webhooks/{webhook_id}`.
    pub(in crate::cli) fn remove_webhook(&self, id: WebhookId) -> Result<(), Failure> {
        self.ask(&Request::new(Verb::Delete, path(id, ""))).map(|_| ())
    }

    /// `POST /v1/webhooks/{webhook_id}/rotate-secret`.
    pub(in crate::cli) fn rotate_webhook(&self, id: WebhookId, rotate: &RotateBody) -> Result<String, Failure> {
        Ok(self.ask(&Request::new(Verb::PostJson(&body(rotate)), path(id, "/rotate-secret")))?.body)
    }

    /// `POST /v1/webhooks/{webhook_id}/test`.
    pub(in crate::cli) fn test_webhook(&self, id: WebhookId) -> Result<String, Failure> {
        Ok(self.ask(&Request::new(Verb::PostJson("{}"), path(id, "/test")))?.body)
    }

    /// `GET /v1/webhooks/{webhook_id}/deliveries`.
    pub(in crate::cli) fn deliveries(
        &self,
        id: WebhookId,
        state: Option<DeliveryState>,
        limit: u32,
    ) -> Result<Page<Option<String>>, Failure> {
        #[derive(Deserialize)]
        struct Deliveries {
            deliveries: Vec<Box<RawValue>>,
            next_cursor: Option<String>,
        }
        let mut request = Request::new(Verb::Get, path(id, "/deliveries"));
        request.query =
            vec![("state", state.map(|state| state.as_str().to_owned())), ("limit", Some(limit.to_string()))];
        let Deliveries { deliveries, next_cursor } = read(&self.ask(&request)?.body)?;
        Ok(Page { entries: deliveries, next: next_cursor })
    }

    /// `GET /v1/webhooks/{webhook_id}/deliveries/{event_id}`.
    pub(in crate::cli) fn delivery(&self, id: WebhookId, event: EventId) -> Result<String, Failure> {
        Ok(self.ask(&Request::new(Verb::Get, path(id, &format!("/deliveries/{event}"))))?.body)
    }

    /// `POST /v1/webhooks/{webhook_id}/deliveries/{event_id}/resend`.
    pub(in crate::cli) fn resend_delivery(&self, id: WebhookId, event: EventId) -> Result<String, Failure> {
        let path = path(id, &format!("/deliveries/{event}/resend"));
        Ok(self.ask(&Request::new(Verb::PostJson("{}"), path))?.body)
    }

    /// `POST /v1/webhooks/{webhook_id}/resend`: the answer, and how many.
    pub(in crate::cli) fn resend_failed(&self, id: WebhookId, since: Timestamp) -> Result<(String, u64), Failure> {
        #[derive(Deserialize)]
        struct Resent {
            deliveries: u64,
        }
        let asked = body(&serde_json::json!({ "failed_since": since }));
        let json = self.ask(&Request::new(Verb::PostJson(&asked), path(id, "/resend")))?.body;
        let Resent { deliveries } = read(&json)?;
        Ok((json, deliveries))
    }
}
