//! The writes of webhooks: what is known of them, the outbox that is written where jobs end, and the deliveries.

mod deliveries;
mod events;
mod hooks;
mod model;

pub use events::EventBodies;
pub(super) use events::record_ends;
pub(super) use hooks::apply;
pub use model::{
    AttemptResult, ClaimedDelivery, DeliveryClaim, DeliveryEnd, NewWebhook, PingEvent, Resend, Rotation, Sweep,
    WebhookWrite,
};
