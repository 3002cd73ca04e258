//! Why something was not done with a webhook.

use crate::domain::{EventId, WebhookId};
use crate::registry::KeyError;
use crate::store::StoreError;

/// Why something was not done with a webhook.
#[derive(Debug, Clone, thiserror::Error)]
pub enum WebhookError {
    /// There is none, or none that the caller sees.
    #[error("there is no webhook {0}; `GET /v1/webhooks` lists those there are")]
    Unknown(WebhookId),
    /// It was told no such thing.
    #[error("the webhook was told of no event {0}, or it is too long ago")]
    UnknownDelivery(EventId),
    /// The address has no TLS.
    #[error("is no address of https; everybody on the way could read what is sent (setting webhooks.http)")]
    HttpOff,
    /// The address is somebody's own.
    #[error("leads to {0}, which is no public address (setting webhooks.private_networks)")]
    PrivateAddress(String),
    /// It would tell of jobs that whoever makes it does not see.
    #[error("must name modules, and only those that your token is for")]
    ReachesFurther,
    /// There are as many as there may be.
    #[error("there are {0} webhooks, the most there may be; remove one first")]
    TooMany(u64),
    /// It is told nothing.
    #[error("the webhook is switched off; switch it on first")]
    Disabled,
    /// Somebody is at it.
    #[error("an attempt is under way; look at the delivery in some seconds")]
    UnderWay,
    /// There are no random bytes.
    #[error("no signing secret can be made: {0}")]
    Random(String),
    /// Signing secrets cannot be sealed or opened.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The database did not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}
