//! Deliveries: who sends them next, and what became of it.

use std::collections::{BTreeSet, HashMap};

use super::events::{delivery_row, event_row};
use super::hooks::found;
use super::model::{ClaimedDelivery, DeliveryClaim, DeliveryEnd, PingEvent, Resend, Sweep};
use crate::domain::{DeliveryState, EventId, EventKind, Timestamp, WebhookId};
use crate::store::read::enabled_webhooks;
use crate::store::session::Session;
use crate::store::write::model::Answer;
use crate::store::{StoreError, sql};

/// Events that go at once: so many that an hour's go within some minutes, and that nobody waits for it.
const SWEPT: u64 = 20_000;

pub(super) async fn ping<S: Session>(session: &mut S, ping: &PingEvent) -> Result<Answer, StoreError> {
    let webhooks = enabled_webhooks(session).await?;
    if !webhooks.iter().any(|webhook| webhook.id == ping.webhook) {
        return Ok(Answer::NotMatched);
    }
    let event = event_row(ping.event, (EventKind::Ping, None), ping.at, ping.body.clone());
    session.apply(&sql::INSERT_EVENTS, vec![event]).await?;
    session.apply(&sql::INSERT_DELIVERIES, vec![delivery_row(ping.webhook, ping.event)]).await?;
    Ok(Answer::Done)
}

/// One: `Done`, `NotMatched` when there is none, or `Busy`. Those that failed: `Count`.
pub(super) async fn resend<S: Session>(
    session: &mut S,
    webhook: WebhookId,
    which: Resend,
) -> Result<Answer, StoreError> {
    let hook = webhook.uuid();
    match which {
        Resend::FailedSince(time) => {
            let due = session.query(&sql::RESEND_FAILED, vec![hook.into(), time.into()]).await?;
            Ok(Answer::Count(due.len() as u64))
        }
        Resend::One(event) => {
            let values = vec![hook.into(), event.uuid().into()];
            if !session.query(&sql::RESEND_DELIVERY, values.clone()).await?.is_empty() {
                return Ok(Answer::Done);
            }
            let known = session.query(&sql::KNOWN_DELIVERY, values).await?;
            Ok(if known.is_empty() { Answer::NotMatched } else { Answer::Busy })
        }
    }
}

pub(super) async fn claim<S: Session>(session: &mut S, claim: &DeliveryClaim) -> Result<Answer, StoreError> {
    if let Some(sweep) = claim.sweep {
        drop_old(session, sweep, claim.at).await?;
    }
    // Two webhooks may be told the same.
    let (mut claimed, mut events) = (Vec::new(), BTreeSet::new());
    for (webhook, limit) in &claim.wanted {
        let values = vec![webhook.uuid().into(), (*limit).into(), claim.lease.into()];
        for mut row in session.query(&sql::CLAIM_DELIVERIES, values).await? {
            let event = EventId::from_uuid(row.uuid("webhook_delivery.event_id")?);
            let (attempt, tries) = (row.small("webhook_delivery.attempts")?, row.small("webhook_delivery.tries")?);
            events.insert(event);
            claimed.push((*webhook, event, attempt, tries));
        }
    }
    if claimed.is_empty() {
        return Ok(Answer::Deliveries(Vec::new()));
    }
    let events = events.into_iter().map(|event| vec![event.uuid().into()]).collect();
    let mut told = HashMap::new();
    for mut row in session.apply(&sql::CLAIMED_EVENTS, events).await? {
        let event = EventId::from_uuid(row.uuid("webhook_event.id")?);
        told.insert(event, (row.word::<EventKind>("webhook_event.kind")?, row.text("webhook_event.body")?));
    }
    let whole = |(webhook, event, attempt, tries)| {
        let (kind, body) = told.get(&event)?.clone();
        Some(ClaimedDelivery { webhook, event, kind, body, attempt, tries })
    };
    Ok(Answer::Deliveries(claimed.into_iter().filter_map(whole).collect()))
}

async fn drop_old<S: Session>(session: &mut S, sweep: Sweep, now: Timestamp) -> Result<(), StoreError> {
    let values = vec![sweep.before.into(), sweep.kept.into(), SWEPT.into()];
    session.query(&sql::DROP_OLD_EVENTS, values).await?;
    let reason = format!("more than {} deliveries waited for it", sweep.waiting);
    session.query(&sql::GIVE_UP_FLOODED, vec![sweep.waiting.into(), reason.into(), now.into()]).await?;
    Ok(())
}

/// `Done`, or `NotMatched` when the attempt had lost its right to the delivery.
pub(super) async fn finish<S: Session>(session: &mut S, end: &DeliveryEnd) -> Result<Answer, StoreError> {
    let hook = end.webhook.uuid();
    let values = vec![
        hook.into(),
        end.event.uuid().into(),
        end.attempt.into(),
        end.state.as_str().into(),
        end.pause.into(),
        end.at.into(),
        end.result.status.map(u32::from).into(),
        end.result.answer.as_deref().into(),
        end.result.error.as_deref().into(),
    ];
    let answer = found(&session.query(&sql::FINISH_DELIVERY, values).await?);
    if matches!(answer, Answer::NotMatched) {
        return Ok(answer);
    }
    if end.state == DeliveryState::Delivered {
        session.query(&sql::WEBHOOK_WORKS, vec![hook.into()]).await?;
    } else if end.counts {
        let (since, reason) = &end.failed_since;
        let values =
            vec![hook.into(), end.at.into(), end.give_up.as_deref().into(), (*since).into(), reason.as_str().into()];
        session.query(&sql::WEBHOOK_FAILS, values).await?;
    }
    Ok(answer)
}
