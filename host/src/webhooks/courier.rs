//! Takes deliveries that are due, as many as there is room for, and has them sent.
//!
//! Waits for a hint, for the time of the next delivery that this node knows of, or for an attempt to end; so an idle node
//! asks the database nothing. What nodes that are gone were sending becomes due by itself; where several share a database,
//! the look for gone nodes tells of that, too.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{Instant, sleep, timeout_at};

use super::desk::Inner;
use super::sending::{Receiver, attempt};
use crate::domain::{WebhookId, WebhookLimits};
use crate::store::{Answer, ClaimedDelivery, DeliveryClaim, StoreError, Sweep, WebhookWrite, Write};

/// How long to wait before a database that did not answer is asked again, or what others took meanwhile is looked at.
const AGAIN: Duration = Duration::from_secs(1);
/// The least time between two looks for what is too old to be kept.
const SWEEP: Duration = Duration::from_secs(10);
/// Nothing is due for so long at most: clocks are set now and then.
const LONGEST: Duration = Duration::from_hours(1);

/// The attempts that are under way on this node.
#[derive(Default)]
pub(super) struct UnderWay {
    of: Mutex<HashMap<WebhookId, u32>>,
    ended: Notify,
}

impl UnderWay {
    /// How many more a webhook may have.
    fn room(&self, webhook: WebhookId, limits: &WebhookLimits) -> u32 {
        let of = self.of.lock().unwrap_or_else(PoisonError::into_inner);
        let all: u32 = of.values().sum();
        let own = of.get(&webhook).copied().unwrap_or(0);
        limits.concurrency.saturating_sub(own).min(WebhookLimits::AT_ONCE.saturating_sub(all))
    }

    fn begin(&self, webhook: WebhookId) {
        *self.of.lock().unwrap_or_else(PoisonError::into_inner).entry(webhook).or_default() += 1;
    }

    fn end(&self, webhook: WebhookId) {
        let mut of = self.of.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = of.get_mut(&webhook) {
            *count -= 1;
            if *count == 0 {
                of.remove(&webhook);
            }
        }
        self.ended.notify_one();
    }
}

/// Sends what is due, until the service is shut down.
pub(super) async fn run(inner: Arc<Inner>) {
    let hint = inner.store.deliveries_hint();
    let mut swept = None;
    loop {
        let pause = match round(&inner, &mut swept).await {
            Ok(pause) => pause,
            Err(error) => {
                tracing::warn!(%error, "whether something is to be told to webhooks was not found out");
                AGAIN
            }
        };
        tokio::select! {
            () = inner.closing.cancelled() => return,
            () = hint.notified() => {}
            () = inner.under_way.ended.notified() => {}
            () = sleep(pause) => {}
        }
    }
}

/// Takes all that is due and has room. Answers how long there is nothing more to do.
async fn round(inner: &Arc<Inner>, swept: &mut Option<Instant>) -> Result<Duration, StoreError> {
    loop {
        if inner.closing.is_cancelled() {
            return Ok(LONGEST);
        }
        let (mut wanted, mut pause) = (Vec::new(), LONGEST);
        for due in inner.store.due_webhooks().await? {
            let room = inner.under_way.room(due.webhook, &inner.limits);
            if due.due_in > Duration::ZERO {
                pause = pause.min(due.due_in);
            } else if room > 0 {
                wanted.push((due.webhook, room));
            }
        }
        // There is room for all together, too: the first come first, and the others in the next round.
        let mut left = WebhookLimits::AT_ONCE;
        for (_, room) in &mut wanted {
            *room = (*room).min(left);
            left -= *room;
        }
        wanted.retain(|(_, room)| *room > 0);
        if wanted.is_empty() {
            return Ok(pause);
        }
        if take(inner, wanted, swept).await? == 0 {
            return Ok(AGAIN.min(pause));
        }
    }
}

/// Takes some of what is due, and has it sent. Answers how many.
async fn take(
    inner: &Arc<Inner>,
    wanted: Vec<(WebhookId, u32)>,
    swept: &mut Option<Instant>,
) -> Result<usize, StoreError> {
    let (begin, at, lease) = (Instant::now(), inner.clock.now(), inner.limits.lease());
    let is_time = swept.is_none_or(|last| last.elapsed() >= SWEEP);
    let sweep = is_time.then(|| Sweep {
        before: at.before(inner.limits.kept_for),
        kept: inner.limits.kept,
        waiting: inner.limits.waiting,
    });
    let claim = DeliveryClaim { wanted, lease, sweep, at };
    let Answer::Deliveries(claimed) = inner.store.write(Write::Webhook(WebhookWrite::Claim(claim))).await? else {
        return Ok(0);
    };
    if is_time {
        *swept = Some(begin);
    }
    let count = claimed.len();
    let mut receivers: HashMap<WebhookId, Arc<Receiver>> = HashMap::new();
    for delivery in claimed {
        let receiver = match receivers.get(&delivery.webhook) {
            Some(receiver) => Arc::clone(receiver),
            // Gone meanwhile, and its deliveries with it.
            None => match inner.store.webhook(delivery.webhook).await? {
                None => continue,
                Some(stored) => {
                    let receiver = Arc::new(Receiver::of(inner, &stored));
                    receivers.insert(delivery.webhook, Arc::clone(&receiver));
                    receiver
                }
            },
        };
        inner.under_way.begin(delivery.webhook);
        inner.tasks.spawn(send(Arc::clone(inner), delivery, receiver, begin + lease));
    }
    Ok(count)
}

/// An attempt ends before others may take the delivery: what is not noted then, it does not note any more.
async fn send(inner: Arc<Inner>, delivery: ClaimedDelivery, receiver: Arc<Receiver>, lease_end: Instant) {
    let webhook = delivery.webhook;
    let begun_in_time = Instant::now() + inner.limits.timeout < lease_end;
    if begun_in_time {
        // The write that notes the end is handed over all the same.
        let _ = timeout_at(lease_end, attempt(&inner, delivery, receiver)).await;
    }
    inner.under_way.end(webhook);
}
