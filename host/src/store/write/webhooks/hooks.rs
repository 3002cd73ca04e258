//! What is known of webhooks.

use super::deliveries;
use super::model::{NewWebhook, Rotation, WebhookWrite};
use crate::domain::{Webhook, WebhookLimits};
use crate::store::session::{Session, Value};
use crate::store::write::answers::Answers;
use crate::store::write::model::{Answer, Write};
use crate::store::{StoreError, sql};

pub(in crate::store::write) async fn apply<S: Session>(
    session: &mut S,
    writes: &[Write],
    answers: &mut Answers,
) -> Result<(), StoreError> {
    for (at, write) in writes.iter().enumerate() {
        if let Write::Webhook(write) = write {
            answers.set(at, one(session, write).await?);
        }
    }
    Ok(())
}

async fn one<S: Session>(session: &mut S, write: &WebhookWrite) -> Result<Answer, StoreError> {
    match write {
        WebhookWrite::Create(new) => create(session, new).await,
        WebhookWrite::Change(webhook) => {
            let mut values = definition(webhook);
            values.push(webhook.updated_at.into());
            Ok(found(&session.query(&sql::CHANGE_WEBHOOK, values).await?))
        }
        WebhookWrite::Rotate(Rotation { webhook, sealed, old_until, at }) => {
            let values = vec![webhook.uuid().into(), Value::Bytes(sealed.clone()), (*old_until).into(), (*at).into()];
            Ok(found(&session.query(&sql::ROTATE_WEBHOOK, values).await?))
        }
        WebhookWrite::Remove(webhook) => {
            Ok(found(&session.query(&sql::REMOVE_WEBHOOK, vec![webhook.uuid().into()]).await?))
        }
        WebhookWrite::Ping(ping) => deliveries::ping(session, ping).await,
        WebhookWrite::Resend(webhook, which) => deliveries::resend(session, *webhook, *which).await,
        WebhookWrite::Claim(claim) => deliveries::claim(session, claim).await,
        WebhookWrite::Finish(end) => deliveries::finish(session, end).await,
    }
}

/// `Done`, or `Count` of the webhooks when there are as many as there may be.
async fn create<S: Session>(session: &mut S, new: &NewWebhook) -> Result<Answer, StoreError> {
    let counted = session.query(&sql::COUNT_WEBHOOKS, vec![]).await?;
    let count = counted.into_iter().next().map_or(Ok(0), |mut row| row.count("count"))?;
    if count >= WebhookLimits::WEBHOOKS {
        return Ok(Answer::Count(count));
    }
    let mut values = definition(&new.webhook);
    values.extend([Value::Bytes(new.sealed.clone()), new.webhook.created_at.into()]);
    session.query(&sql::CREATE_WEBHOOK, values).await?;
    Ok(Answer::Done)
}

fn definition(webhook: &Webhook) -> Vec<Value> {
    let labels = (!webhook.labels.is_empty()).then(|| webhook.labels.to_string());
    vec![
        webhook.id.uuid().into(),
        webhook.url.as_str().into(),
        webhook.description.as_str().into(),
        webhook.ends.to_string().into(),
        webhook.modules.joined().into(),
        labels.into(),
        i64::from(webhook.is_enabled()).into(),
    ]
}

/// Whether a statement matched something.
pub(super) fn found(rows: &[crate::store::session::Row]) -> Answer {
    if rows.is_empty() { Answer::NotMatched } else { Answer::Done }
}
