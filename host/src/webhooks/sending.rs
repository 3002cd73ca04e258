//! One attempt: signs, sends, and says what becomes of the delivery.

use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, HeaderValue};
use tokio::time::Instant;

use super::desk::Inner;
use super::exchange::{Message, Sent};
use super::retry_after::asked_pause;
use super::secret::{SigningSecret, beside};
use crate::domain::{DeliveryState, EventKind, HttpAddress, Timestamp, Webhook};
use crate::measured;
use crate::store::{ClaimedDelivery, DeliveryEnd, SealedWebhook, WebhookWrite, Write};

/// How long attempts that are under way may take once the host goes down.
const LAST_ATTEMPTS: Duration = Duration::from_secs(2);

/// Where a webhook is told, and its open secrets: the newest first.
pub(super) struct Receiver {
    pub(super) url: HttpAddress,
    secrets: Result<Vec<SigningSecret>, String>,
}

impl Receiver {
    pub(super) fn of(inner: &Inner, stored: &SealedWebhook) -> Self {
        Self { url: stored.webhook.url.clone(), secrets: secrets(inner, stored, inner.clock.now()) }
    }
}

/// The secrets that sign now.
fn secrets(inner: &Inner, stored: &SealedWebhook, now: Timestamp) -> Result<Vec<SigningSecret>, String> {
    let Webhook { id, old_secret_until, .. } = &stored.webhook;
    let old = stored.old_sealed.as_ref().filter(|_| old_secret_until.is_some_and(|until| now < until));
    let open = |sealed: &Vec<u8>| match inner.vault.unseal(sealed, &beside(*id)) {
        Ok(text) => text.and_then(|text| text.parse().ok()).ok_or_else(|| {
            "the signing secret does not open with the key of this node (secrets.key_file); give the webhook another"
                .to_owned()
        }),
        Err(error) => {
            tracing::error!(webhook = %id, %error, "a signing secret cannot be opened");
            Err("the signing secret cannot be opened here; the host's own log says why".to_owned())
        }
    };
    std::iter::once(&stored.sealed).chain(old).map(open).collect()
}

/// Sends a delivery and notes what became of it.
pub(super) async fn attempt(inner: &Inner, delivery: ClaimedDelivery, receiver: Arc<Receiver>) {
    let begin = Instant::now();
    let sent = async {
        match message(inner, &delivery, &receiver) {
            Ok(message) => inner.exchange.send(&receiver.url, message).await,
            Err(error) => Sent::failed(error),
        }
    };
    let ending = async {
        inner.closing.cancelled().await;
        tokio::time::sleep(LAST_ATTEMPTS).await;
    };
    let sent = tokio::select! {
        sent = sent => Some(sent),
        () = ending => None,
    };
    measured::WEBHOOK_ATTEMPT.took(begin.elapsed());
    let end = concluded(inner, &delivery, sent);
    measured::WEBHOOK_ATTEMPTS.add_as(
        "outcome",
        match end.state {
            DeliveryState::Delivered => "delivered",
            DeliveryState::Waiting => "retried",
            DeliveryState::Failed => "failed",
        },
    );
    if let Some(error) = &end.result.error {
        tracing::info!(webhook = %delivery.webhook, event = %delivery.event, attempt = delivery.attempt, error, "a webhook was not told");
    }
    if let Err(error) = inner.store.write(Write::Webhook(WebhookWrite::Finish(Box::new(end)))).await {
        tracing::warn!(%error, webhook = %delivery.webhook, "what a receiver answered was not noted; it may be told twice");
    }
}

fn message(inner: &Inner, delivery: &ClaimedDelivery, receiver: &Receiver) -> Result<Message, String> {
    let now = inner.clock.now();
    let secrets = receiver.secrets.as_ref().map_err(Clone::clone)?;
    let signatures: Vec<_> = secrets.iter().map(|secret| secret.sign(delivery.event, now, &delivery.body)).collect();
    let mut headers = HeaderMap::new();
    for (name, value) in [
        ("webhook-id", delivery.event.to_string()),
        ("webhook-timestamp", (now.millis() / 1000).to_string()),
        ("webhook-signature", signatures.join(" ")),
    ] {
        headers.insert(name, HeaderValue::try_from(value).expect("ids, numbers and Base64 may stand in a header"));
    }
    Ok(Message { headers, body: delivery.body.clone() })
}

/// What becomes of a delivery. `None`: the host goes down, and whether the receiver has it is not known.
fn concluded(inner: &Inner, delivery: &ClaimedDelivery, sent: Option<Sent>) -> DeliveryEnd {
    let limits = &inner.limits;
    let (at, counts) = (inner.clock.now(), sent.is_some());
    let Sent { result, retry_after } =
        sent.unwrap_or_else(|| Sent::failed("the host went down before an answer came".to_owned()));
    let is_gone = result.status == Some(410);
    let asked = retry_after.and_then(|header| asked_pause(&header, at)).unwrap_or_default();
    let (state, pause) = match (&result.error, limits.pause(delivery.tries)) {
        (None, _) => (DeliveryState::Delivered, Duration::ZERO),
        (Some(_), _) if !counts => (DeliveryState::Waiting, Duration::ZERO),
        (Some(_), Some(pause)) if !is_gone && delivery.kind != EventKind::Ping => {
            (DeliveryState::Waiting, jittered(pause).max(asked))
        }
        (Some(_), _) => (DeliveryState::Failed, Duration::ZERO),
    };
    let since = at.before(limits.disable_after);
    let for_long = format!("every attempt failed for {}", humantime::format_duration(limits.disable_after));
    DeliveryEnd {
        webhook: delivery.webhook,
        event: delivery.event,
        attempt: delivery.attempt,
        state,
        pause,
        result,
        counts,
        give_up: is_gone.then(|| "the receiver answered 410 Gone".to_owned()),
        failed_since: (since, for_long),
        at,
    }
}

/// A fifth more or less, so that what failed together does not come again together.
fn jittered(pause: Duration) -> Duration {
    pause.mul_f64(0.8 + 0.4 * fastrand::f64())
}
