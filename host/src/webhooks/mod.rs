//! Floor 2: who is told when jobs end.
//!
//! Owns webhooks, their signing secrets, and sending: each delivery is taken by one node at a time, tried again with
//! growing pauses, and sent to no address that the operator has not allowed. What is told is written by the store, in the
//! transaction that ends the job.

mod check;
mod courier;
mod desk;
mod error;
mod exchange;
mod retry_after;
mod secret;
mod sending;

pub use desk::{WebhookDefinition, WebhookParts, Webhooks};
pub use error::WebhookError;
pub use secret::{InvalidSigningSecret, SigningSecret};
