//! Webhooks: who is told when a job has ended, of which jobs, and what became of the telling.

mod delivery;
mod ends;
mod limits;
mod webhook;

pub use delivery::{Delivery, DeliveryPage, DeliveryState, EventKind, UnknownWord};
pub use ends::{Ends, InvalidEnds};
pub use limits::WebhookLimits;
pub use webhook::{Webhook, WebhookCounts, WebhookState};
