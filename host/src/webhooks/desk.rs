//! The service: makes, changes and removes webhooks, and tells what they were told.

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::check::check;
use super::courier::{self, UnderWay};
use super::error::WebhookError;
use super::exchange::Exchange;
use super::secret::{SigningSecret, beside};
use crate::domain::{
    Clock, Delivery, DeliveryPage, DeliveryState, Ends, EventId, HttpAddress, LabelSelector, Reach, Timestamp, Webhook,
    WebhookCounts, WebhookId, WebhookLimits, WebhookState,
};
use crate::outbound::{HttpRoots, Resolver};
use crate::registry::Vault;
use crate::store::{Answer, NewWebhook, PingEvent, Resend, Rotation, Store, StoreError, WebhookWrite, Write};

/// The webhooks of this database, and their messenger on this node. Cheap to clone; all clones are the same.
#[derive(Clone)]
pub struct Webhooks {
    inner: Arc<Inner>,
}

/// What the service is made of.
pub struct WebhookParts {
    /// Where webhooks are kept.
    pub store: Store,
    /// What seals their secrets.
    pub vault: Vault,
    /// The time of day.
    pub clock: Arc<dyn Clock>,
    /// How they are told.
    pub limits: WebhookLimits,
    /// Whom connections to receivers trust beside the system's authorities.
    pub roots: Vec<HttpRoots>,
    /// Who looks up their names.
    pub resolver: Arc<dyn Resolver>,
}

pub(super) struct Inner {
    pub(super) store: Store,
    pub(super) vault: Vault,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) limits: WebhookLimits,
    pub(super) exchange: Exchange,
    pub(super) under_way: UnderWay,
    pub(super) closing: CancellationToken,
    pub(super) tasks: TaskTracker,
}

/// What its owner says of a webhook.
#[derive(Debug, Clone)]
pub struct WebhookDefinition {
    /// Where it is told.
    pub url: HttpAddress,
    /// What it is for.
    pub description: String,
    /// Which ends.
    pub ends: Ends,
    /// Of which modules' jobs.
    pub modules: Reach,
    /// With which labels.
    pub labels: LabelSelector,
    /// Whether it is told anything.
    pub enabled: bool,
}

impl Webhooks {
    /// Begins to send what is due. Call [`shutdown`](Self::shutdown) before the store is closed.
    pub fn start(parts: WebhookParts) -> Self {
        let WebhookParts { store, vault, clock, limits, roots, resolver } = parts;
        let inner = Arc::new(Inner {
            store,
            vault,
            clock,
            exchange: Exchange::new(resolver, roots, limits.clone()),
            limits,
            under_way: UnderWay::default(),
            closing: CancellationToken::new(),
            tasks: TaskTracker::new(),
        });
        inner.tasks.spawn(courier::run(Arc::clone(&inner)));
        Self { inner }
    }

    /// Takes nothing more, and lets what is under way end within some seconds.
    pub async fn shutdown(&self) {
        self.inner.closing.cancel();
        self.inner.tasks.close();
        self.inner.tasks.wait().await;
    }

    /// Makes a webhook, with this signing secret or a new one. `reach` is that of whoever makes it.
    pub async fn create(
        &self,
        definition: WebhookDefinition,
        secret: Option<SigningSecret>,
        reach: &Reach,
    ) -> Result<(Webhook, SigningSecret), WebhookError> {
        let now = self.now();
        let webhook = self.checked(WebhookId::new(), definition, now, reach)?;
        let secret = given_or_made(secret)?;
        let sealed = self.inner.vault.seal(secret.reveal(), &beside(webhook.id))?;
        let new = NewWebhook { webhook: webhook.clone(), sealed };
        match self.write(WebhookWrite::Create(Box::new(new))).await? {
            Answer::Count(count) => Err(WebhookError::TooMany(count)),
            _ => Ok((webhook, secret)),
        }
    }

    /// The webhook as it is defined now, if that is allowed.
    fn checked(
        &self,
        id: WebhookId,
        definition: WebhookDefinition,
        now: Timestamp,
        reach: &Reach,
    ) -> Result<Webhook, WebhookError> {
        let WebhookDefinition { url, description, ends, modules, labels, enabled } = definition;
        check(&url, &self.inner.limits)?;
        let webhook = Webhook {
            id,
            url,
            description,
            ends,
            modules,
            labels,
            state: if enabled { WebhookState::Enabled } else { WebhookState::Disabled },
            failing_since: None,
            old_secret_until: None,
            created_at: now,
            updated_at: now,
        };
        if webhook.is_within(reach) { Ok(webhook) } else { Err(WebhookError::ReachesFurther) }
    }

    /// The webhooks that somebody with this reach sees, oldest first.
    pub async fn list(&self, reach: &Reach) -> Result<Vec<Webhook>, StoreError> {
        let mut webhooks = self.inner.store.webhooks().await?;
        webhooks.retain(|webhook| webhook.is_within(reach));
        Ok(webhooks)
    }

    /// One of them.
    pub async fn find(&self, id: WebhookId, reach: &Reach) -> Result<Webhook, WebhookError> {
        let found = self.inner.store.webhook(id).await?.map(|stored| stored.webhook);
        found.filter(|webhook| webhook.is_within(reach)).ok_or(WebhookError::Unknown(id))
    }

    /// Defines a webhook anew; its signing secret stays. What the host held against it is forgotten.
    pub async fn change(
        &self,
        id: WebhookId,
        definition: WebhookDefinition,
        reach: &Reach,
    ) -> Result<Webhook, WebhookError> {
        let before = self.find(id, reach).await?;
        let Webhook { created_at, old_secret_until, .. } = before;
        let webhook = self.checked(id, definition, self.now(), reach)?;
        let webhook = Webhook { old_secret_until, created_at, ..webhook };
        self.matched(WebhookWrite::Change(Box::new(webhook.clone())), id).await?;
        Ok(webhook)
    }

    /// Removes a webhook, and what is known of its deliveries.
    pub async fn remove(&self, id: WebhookId, reach: &Reach) -> Result<(), WebhookError> {
        self.find(id, reach).await?;
        self.matched(WebhookWrite::Remove(id), id).await
    }

    /// Gives a webhook another signing secret. The former one signs, too, for some time.
    pub async fn rotate(
        &self,
        id: WebhookId,
        secret: Option<SigningSecret>,
        keep_old_for: Option<Duration>,
        reach: &Reach,
    ) -> Result<(Webhook, SigningSecret), WebhookError> {
        let before = self.find(id, reach).await?;
        let (secret, at) = (given_or_made(secret)?, self.now());
        let sealed = self.inner.vault.seal(secret.reveal(), &beside(id))?;
        let old_until = at.after(keep_old_for.unwrap_or(self.inner.limits.rotation));
        self.matched(WebhookWrite::Rotate(Rotation { webhook: id, sealed, old_until, at }), id).await?;
        Ok((Webhook { old_secret_until: Some(old_until), updated_at: at, ..before }, secret))
    }

    /// Sends an event that says nothing, once.
    pub async fn test(&self, id: WebhookId, reach: &Reach) -> Result<Delivery, WebhookError> {
        if !self.find(id, reach).await?.is_enabled() {
            return Err(WebhookError::Disabled);
        }
        let (event, at) = (EventId::new(), self.now());
        let data = serde_json::json!({ "webhook": id });
        let body = serde_json::json!({ "type": "ping", "timestamp": at, "data": data }).to_string();
        match self.write(WebhookWrite::Ping(PingEvent { webhook: id, event, body, at })).await? {
            Answer::NotMatched => Err(WebhookError::Disabled),
            _ => self.delivery_of(id, event).await,
        }
    }

    /// What a webhook was told, newest first, from the one before an event.
    pub async fn deliveries(
        &self,
        id: WebhookId,
        part: (Option<EventId>, u32),
        state: Option<DeliveryState>,
        reach: &Reach,
    ) -> Result<DeliveryPage, WebhookError> {
        self.find(id, reach).await?;
        Ok(self.inner.store.deliveries(id, part, state).await?)
    }

    /// One delivery.
    pub async fn delivery(&self, id: WebhookId, event: EventId, reach: &Reach) -> Result<Delivery, WebhookError> {
        self.find(id, reach).await?;
        self.delivery_of(id, event).await
    }

    async fn delivery_of(&self, id: WebhookId, event: EventId) -> Result<Delivery, WebhookError> {
        self.inner.store.delivery(id, event).await?.ok_or(WebhookError::UnknownDelivery(event))
    }

    /// Sends a delivery once more, whatever became of it. The receiver gets the same event under the same id.
    pub async fn resend(&self, id: WebhookId, event: EventId, reach: &Reach) -> Result<Delivery, WebhookError> {
        if !self.find(id, reach).await?.is_enabled() {
            return Err(WebhookError::Disabled);
        }
        match self.write(WebhookWrite::Resend(id, Resend::One(event))).await? {
            Answer::Busy => Err(WebhookError::UnderWay),
            Answer::NotMatched => Err(WebhookError::UnknownDelivery(event)),
            _ => self.delivery_of(id, event).await,
        }
    }

    /// Sends once more what failed of all that happened since then. Answers how many.
    pub async fn resend_failed(&self, id: WebhookId, since: Timestamp, reach: &Reach) -> Result<u64, WebhookError> {
        if !self.find(id, reach).await?.is_enabled() {
            return Err(WebhookError::Disabled);
        }
        match self.write(WebhookWrite::Resend(id, Resend::FailedSince(since))).await? {
            Answer::Count(count) => Ok(count),
            _ => Ok(0),
        }
    }

    /// How webhooks stand.
    pub async fn counts(&self) -> Result<WebhookCounts, StoreError> {
        self.inner.store.webhook_counts().await
    }

    fn now(&self) -> Timestamp {
        self.inner.clock.now()
    }

    async fn write(&self, write: WebhookWrite) -> Result<Answer, StoreError> {
        self.inner.store.write(Write::Webhook(write)).await
    }

    async fn matched(&self, write: WebhookWrite, id: WebhookId) -> Result<(), WebhookError> {
        match self.write(write).await? {
            Answer::NotMatched => Err(WebhookError::Unknown(id)),
            _ => Ok(()),
        }
    }
}

fn given_or_made(secret: Option<SigningSecret>) -> Result<SigningSecret, WebhookError> {
    let made = || SigningSecret::random().map_err(|error| WebhookError::Random(error.to_string()));
    secret.map_or_else(made, Ok)
}
