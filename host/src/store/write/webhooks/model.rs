//! What can be written of webhooks.

use std::time::Duration;

use crate::domain::{DeliveryState, EventId, EventKind, Timestamp, Webhook, WebhookId};

/// One change of webhooks or their deliveries.
#[derive(Debug)]
pub enum WebhookWrite {
    /// A webhook is made.
    Create(Box<NewWebhook>),
    /// It is told elsewhere, or of other jobs.
    Change(Box<Webhook>),
    /// It has another signing secret.
    Rotate(Rotation),
    /// It goes, with its deliveries.
    Remove(WebhookId),
    /// Somebody tries it.
    Ping(PingEvent),
    /// Deliveries are to be sent once more.
    Resend(WebhookId, Resend),
    /// A node takes deliveries that are due.
    Claim(DeliveryClaim),
    /// An attempt has ended.
    Finish(Box<DeliveryEnd>),
}

/// A webhook to make.
#[derive(Debug)]
pub struct NewWebhook {
    /// What everybody may know.
    pub webhook: Webhook,
    /// Its signing secret, sealed.
    pub sealed: Vec<u8>,
}

/// Another signing secret.
#[derive(Debug)]
pub struct Rotation {
    /// Whose.
    pub webhook: WebhookId,
    /// The new one, sealed.
    pub sealed: Vec<u8>,
    /// Until when the former one signs, too.
    pub old_until: Timestamp,
    /// Now.
    pub at: Timestamp,
}

/// An event for one webhook alone.
#[derive(Debug)]
pub struct PingEvent {
    /// Which webhook.
    pub webhook: WebhookId,
    /// What is told.
    pub event: EventId,
    /// The body.
    pub body: String,
    /// Now.
    pub at: Timestamp,
}

/// Which deliveries are sent once more.
#[derive(Debug, Clone, Copy)]
pub enum Resend {
    /// This one, whatever became of it.
    One(EventId),
    /// Those that failed, of what happened since then.
    FailedSince(Timestamp),
}

/// A node takes deliveries that are due.
#[derive(Debug)]
pub struct DeliveryClaim {
    /// Of which webhooks, and how many at most of each.
    pub wanted: Vec<(WebhookId, u32)>,
    /// For how long they are its own.
    pub lease: Duration,
    /// Old events go, when it is time for that.
    pub sweep: Option<Sweep>,
    /// Now.
    pub at: Timestamp,
}

/// What is kept of what was told.
#[derive(Debug, Clone, Copy)]
pub struct Sweep {
    /// Not what happened before.
    pub before: Timestamp,
    /// And so many events at most.
    pub kept: u64,
    /// A webhook for which more deliveries wait is switched off.
    pub waiting: u64,
}

/// A delivery that this node sends now.
#[derive(Debug)]
pub struct ClaimedDelivery {
    /// To which webhook.
    pub webhook: WebhookId,
    /// What.
    pub event: EventId,
    /// Of which kind.
    pub kind: EventKind,
    /// What is sent.
    pub body: String,
    /// The number of this attempt.
    pub attempt: u32,
    /// The same, counted since it was asked for last.
    pub tries: u32,
}

/// What an attempt came to.
#[derive(Debug)]
pub struct DeliveryEnd {
    /// Of which webhook.
    pub webhook: WebhookId,
    /// Of what.
    pub event: EventId,
    /// Which attempt.
    pub attempt: u32,
    /// Where the delivery stands now.
    pub state: DeliveryState,
    /// If it waits: for how long.
    pub pause: Duration,
    /// What the receiver said, or why it said nothing.
    pub result: AttemptResult,
    /// Whether that speaks against the webhook; a host that goes down does not.
    pub counts: bool,
    /// Why the webhook is switched off, if it is.
    pub give_up: Option<String>,
    /// It is also switched off, for this reason, if it has failed since before then.
    pub failed_since: (Timestamp, String),
    /// Now.
    pub at: Timestamp,
}

/// What a receiver said to an attempt.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AttemptResult {
    /// The status of its answer.
    pub status: Option<u16>,
    /// How the answer begins.
    pub answer: Option<String>,
    /// Why the attempt failed.
    pub error: Option<String>,
}

impl WebhookWrite {
    /// Whether it says what a receiver answered, which must outlast a database that is full or away for a while.
    pub(in crate::store) const fn is_of_attempt(&self) -> bool {
        matches!(self, Self::Finish(_))
    }

    /// Whether there may be something to send after it.
    pub(in crate::store) const fn may_leave_work(&self) -> bool {
        match self {
            Self::Change(_) | Self::Ping(_) | Self::Resend(..) => true,
            Self::Create(_) | Self::Rotate(_) | Self::Remove(_) | Self::Claim(_) | Self::Finish(_) => false,
        }
    }

    /// Bytes of text that it brings to the database.
    pub(in crate::store) fn payload_bytes(&self) -> usize {
        match self {
            Self::Create(new) => new.webhook.url.as_str().len() + new.webhook.description.len() + new.sealed.len(),
            Self::Change(webhook) => webhook.url.as_str().len() + webhook.description.len(),
            Self::Rotate(rotation) => rotation.sealed.len(),
            Self::Ping(ping) => ping.body.len(),
            Self::Finish(end) => end.result.answer.as_ref().map_or(0, String::len),
            Self::Remove(_) | Self::Resend(..) | Self::Claim(_) => 0,
        }
    }
}
