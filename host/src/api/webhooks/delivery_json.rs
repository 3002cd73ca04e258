//! How a delivery looks to clients.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::{Delivery, EventId, JobId, Timestamp};

/// One event on its way to one webhook.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WebhookDelivery)]
pub(crate) struct DeliveryJson<'d> {
    /// The event's id, which each attempt carries in the header `webhook-id`.
    #[schema(value_type = uuid::Uuid)]
    event_id: EventId,
    /// `job.completed`, `job.failed`, `job.stopped` or `ping`.
    #[serde(rename = "type")]
    #[schema(example = "job.failed")]
    kind: &'static str,
    /// The job that ended; null for a `ping`. It may have been deleted since.
    #[schema(value_type = Option<uuid::Uuid>)]
    job_id: Option<JobId>,
    /// When it happened.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// `waiting` (for its next attempt, or for the end of one), `delivered`, or `failed`: not tried again by itself.
    #[schema(example = "delivered")]
    state: &'static str,
    /// Attempts so far, the one under way included.
    attempts: u32,
    /// Whether an attempt is under way.
    under_way: bool,
    /// When the next attempt is due.
    #[schema(value_type = Option<String>, format = DateTime)]
    next_attempt_at: Option<Timestamp>,
    /// When the last attempt ended.
    #[schema(value_type = Option<String>, format = DateTime)]
    last_attempt_at: Option<Timestamp>,
    /// The status that the receiver answered to it; null when it did not answer.
    last_status: Option<u16>,
    /// How its answer began: at most 1,024 bytes.
    last_answer: Option<&'d str>,
    /// Why the last attempt failed.
    last_error: Option<&'d str>,
}

impl<'d> From<&'d Delivery> for DeliveryJson<'d> {
    fn from(delivery: &'d Delivery) -> Self {
        Self {
            event_id: delivery.event,
            kind: delivery.kind.as_str(),
            job_id: delivery.job,
            created_at: delivery.created_at,
            state: delivery.state.as_str(),
            attempts: delivery.attempts,
            under_way: delivery.is_under_way,
            next_attempt_at: delivery.next_attempt_at,
            last_attempt_at: delivery.last_attempt_at,
            last_status: delivery.last_status,
            last_answer: delivery.last_answer.as_deref(),
            last_error: delivery.last_error.as_deref(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::document::assert_documented;
    use crate::domain::{DeliveryState, EventKind};

    #[test]
    fn a_delivery_is_what_the_document_says() {
        let delivery = Delivery {
            event: EventId::new(),
            kind: EventKind::JobFailed,
            job: Some(JobId::new()),
            created_at: Timestamp::from_millis(0),
            state: DeliveryState::Waiting,
            attempts: 1,
            is_under_way: false,
            next_attempt_at: Some(Timestamp::from_millis(1)),
            last_attempt_at: None,
            last_status: Some(503),
            last_answer: Some("later".to_owned()),
            last_error: None,
        };
        let shown = serde_json::to_value(DeliveryJson::from(&delivery)).expect("JSON");
        assert_documented("WebhookDelivery", &shown);
        assert_eq!((&shown["type"], &shown["state"]), (&"job.failed".into(), &"waiting".into()));
    }
}
