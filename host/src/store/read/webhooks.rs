//! Webhooks, what they were told, and when they are to be told again.

use std::collections::BTreeSet;
use std::sync::LazyLock;
use std::time::Duration;

use super::rows::{JOB_COLUMNS, job, time, time_or_null};
use crate::domain::page::PAGE_MAX;
use crate::domain::webhook::InvalidEnds;
use crate::domain::{
    Delivery, DeliveryPage, DeliveryState, EventId, HttpAddress, InvalidHttpAddress, InvalidLabels, Job, JobId,
    LabelSelector, Reach, Timestamp, Webhook, WebhookCounts, WebhookId, WebhookState,
};
use crate::store::StoreError;
use crate::store::session::{Row, Session, mismatch};
use crate::store::sql::{BatchStatement, Kind, Statement};

/// A webhook and its signing secrets, which only the node's key opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedWebhook {
    /// What may be told of it.
    pub webhook: Webhook,
    /// The sealed secret.
    pub sealed: Vec<u8>,
    /// The one before it.
    pub old_sealed: Option<Vec<u8>>,
}

/// A webhook that is to be told something, by and by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DueWebhook {
    /// Which.
    pub webhook: WebhookId,
    /// How long it still has time.
    pub due_in: Duration,
}

macro_rules! webhooks {
    ($rest:literal) => {
        Statement::new(concat!(
            "SELECT id, url, description, ends, modules, labels, enabled, given_up, failing_since, old_until, created_at,
                    updated_at, sealed, old_sealed
             FROM webhook ",
            $rest
        ))
    };
}

static WEBHOOKS: Statement = webhooks!("ORDER BY id");
static ENABLED: Statement = webhooks!("WHERE enabled = 1 ORDER BY id {stay}");
static WEBHOOK: Statement = webhooks!("WHERE id = $1");

/// All webhooks, oldest first.
pub(in crate::store) async fn webhooks<S: Session>(session: &mut S) -> Result<Vec<Webhook>, StoreError> {
    let rows = session.query(&WEBHOOKS, vec![]).await?;
    rows.into_iter().map(|mut row| Ok(sealed(&mut row)?.webhook)).collect()
}

/// Those that are told something. For the transaction that writes: none of them goes before its end.
pub(in crate::store) async fn enabled_webhooks<S: Session>(session: &mut S) -> Result<Vec<Webhook>, StoreError> {
    let rows = session.query(&ENABLED, vec![]).await?;
    rows.into_iter().map(|mut row| Ok(sealed(&mut row)?.webhook)).collect()
}

/// One webhook.
pub(in crate::store) async fn find_webhook<S: Session>(
    session: &mut S,
    id: WebhookId,
) -> Result<Option<SealedWebhook>, StoreError> {
    let mut rows = session.query(&WEBHOOK, vec![id.uuid().into()]).await?;
    rows.first_mut().map(sealed).transpose()
}

fn sealed(row: &mut Row) -> Result<SealedWebhook, StoreError> {
    let id = WebhookId::from_uuid(row.uuid("webhook.id")?);
    let url = HttpAddress::parse(&row.text("webhook.url")?)
        .map_err(|error: InvalidHttpAddress| mismatch("webhook.url", &error.to_string()))?;
    let description = row.text("webhook.description")?;
    let ends =
        row.text("webhook.ends")?.parse().map_err(|error: InvalidEnds| mismatch("webhook.ends", &error.to_string()))?;
    let modules = row.text_or_null("webhook.modules")?;
    let modules = Reach::of(modules.iter().flat_map(|names| names.split_whitespace()).map(str::to_owned));
    let labels = match row.text_or_null("webhook.labels")? {
        Some(text) => text.parse().map_err(|error: InvalidLabels| mismatch("webhook.labels", &error.to_string()))?,
        None => LabelSelector::default(),
    };
    let is_enabled = row.int("webhook.enabled")? == 1;
    let state = match (is_enabled, row.text_or_null("webhook.given_up")?) {
        (true, _) => WebhookState::Enabled,
        (false, Some(reason)) => WebhookState::GivenUp(reason),
        (false, None) => WebhookState::Disabled,
    };
    let failing_since = time_or_null(row, "webhook.failing_since")?;
    let old_secret_until = time_or_null(row, "webhook.old_until")?;
    let (created_at, updated_at) = (time(row, "webhook.created_at")?, time(row, "webhook.updated_at")?);
    let sealed = row.bytes_or_null("webhook.sealed")?.ok_or_else(|| mismatch("webhook.sealed", "it is null"))?;
    let old_sealed = row.bytes_or_null("webhook.old_sealed")?;
    let webhook = Webhook {
        id,
        url,
        description,
        ends,
        modules,
        labels,
        state,
        failing_since,
        old_secret_until,
        created_at,
        updated_at,
    };
    Ok(SealedWebhook { webhook, sealed, old_sealed })
}

/// Jobs that have ended, without their inputs and settings, which webhooks are not told.
static ENDED_JOBS: LazyLock<BatchStatement> = LazyLock::new(|| {
    let columns = JOB_COLUMNS.replace("job_input.inputs, job_input.settings", "'{}', '{}'");
    let body = format!(
        "SELECT {columns} FROM w JOIN job ON job.id = w.job WHERE job.status IN ('completed', 'failed', 'stopped')"
    );
    BatchStatement::built(&[("job", Kind::Bytes)], body)
});

/// Those of these jobs that have ended.
pub(in crate::store) async fn ended_jobs<S: Session>(
    session: &mut S,
    jobs: &BTreeSet<JobId>,
) -> Result<Vec<Job>, StoreError> {
    let rows = jobs.iter().map(|job| vec![job.uuid().into()]).collect();
    // Nothing runs any more, so no clock is asked.
    let ended = |mut row: Row| job(&mut row, Timestamp::from_millis(0));
    session.apply(&ENDED_JOBS, rows).await?.into_iter().map(ended).collect()
}

static DUE: Statement = Statement::new(
    "SELECT due.id, due.next_at - {now}
     FROM (SELECT webhook.id AS id,
                  (SELECT min(webhook_delivery.due_at) FROM webhook_delivery
                   WHERE webhook_delivery.webhook_id = webhook.id AND webhook_delivery.state = 'waiting') AS next_at
           FROM webhook WHERE webhook.enabled = 1) AS due
     WHERE due.next_at IS NOT NULL ORDER BY due.next_at",
);

/// Which webhooks are to be told something, the first first.
pub(in crate::store) async fn due_webhooks<S: Session>(session: &mut S) -> Result<Vec<DueWebhook>, StoreError> {
    let due = |mut row: Row| {
        let webhook = WebhookId::from_uuid(row.uuid("webhook.id")?);
        let millis = u64::try_from(row.int("webhook_delivery.due_at")?).unwrap_or(0);
        Ok(DueWebhook { webhook, due_in: Duration::from_millis(millis) })
    };
    session.query(&DUE, vec![]).await?.into_iter().map(due).collect()
}

macro_rules! deliveries {
    ($rest:literal) => {
        Statement::new(concat!(
            "SELECT webhook_event.id, webhook_event.kind, webhook_event.job_id, webhook_event.created_at,
                    webhook_delivery.state, webhook_delivery.attempts, webhook_delivery.sending, webhook_delivery.due_at,
                    webhook_delivery.last_at, webhook_delivery.last_status, webhook_delivery.last_answer,
                    webhook_delivery.last_error
             FROM webhook_delivery JOIN webhook_event ON webhook_event.id = webhook_delivery.event_id
             WHERE webhook_delivery.webhook_id = $1 ",
            $rest
        ))
    };
}

/// `$1` webhook, `$2` before, `$3` how many, `$4` state or null.
static DELIVERIES: Statement = deliveries!(
    "AND webhook_delivery.event_id < $2 AND (CAST($4 AS TEXT) IS NULL OR webhook_delivery.state = $4)
     ORDER BY webhook_delivery.event_id DESC LIMIT $3"
);

/// Deliveries of a webhook, newest first.
pub(in crate::store) async fn delivery_page<S: Session>(
    session: &mut S,
    webhook: WebhookId,
    (before, limit): (Option<EventId>, u32),
    state: Option<DeliveryState>,
) -> Result<DeliveryPage, StoreError> {
    let limit = limit.clamp(1, PAGE_MAX);
    let before = before.map_or(uuid::Uuid::max(), |event| event.uuid());
    // One more than asked for tells whether there is a next page.
    let state = state.map(DeliveryState::as_str);
    let values = vec![webhook.uuid().into(), before.into(), (limit + 1).into(), state.into()];
    let rows = session.query(&DELIVERIES, values).await?;
    let found = rows.len();
    let deliveries: Vec<Delivery> =
        rows.into_iter().take(limit as usize).map(|mut row| delivery(&mut row)).collect::<Result<_, _>>()?;
    let next = if found > deliveries.len() { deliveries.last().map(|delivery| delivery.event) } else { None };
    Ok(DeliveryPage { deliveries, next })
}

/// `$1` webhook, `$2` event.
static DELIVERY: Statement = deliveries!("AND webhook_delivery.event_id = $2");

/// One delivery.
pub(in crate::store) async fn find_delivery<S: Session>(
    session: &mut S,
    webhook: WebhookId,
    event: EventId,
) -> Result<Option<Delivery>, StoreError> {
    let mut rows = session.query(&DELIVERY, vec![webhook.uuid().into(), event.uuid().into()]).await?;
    rows.first_mut().map(delivery).transpose()
}

fn delivery(row: &mut Row) -> Result<Delivery, StoreError> {
    let event = EventId::from_uuid(row.uuid("webhook_event.id")?);
    let kind = row.word("webhook_event.kind")?;
    let job = row.uuid_or_null("webhook_event.job_id")?.map(JobId::from_uuid);
    let created_at = time(row, "webhook_event.created_at")?;
    let state = row.word("webhook_delivery.state")?;
    let attempts = row.small("webhook_delivery.attempts")?;
    let is_under_way = row.int("webhook_delivery.sending")? == 1;
    let due_at = time(row, "webhook_delivery.due_at")?;
    let next_attempt_at = (state == DeliveryState::Waiting && !is_under_way).then_some(due_at);
    let last_attempt_at = time_or_null(row, "webhook_delivery.last_at")?;
    let last_status = row.int_or_null("webhook_delivery.last_status")?.and_then(|status| u16::try_from(status).ok());
    Ok(Delivery {
        event,
        kind,
        job,
        created_at,
        state,
        attempts,
        is_under_way,
        next_attempt_at,
        last_attempt_at,
        last_status,
        last_answer: row.text_or_null("webhook_delivery.last_answer")?,
        last_error: row.text_or_null("webhook_delivery.last_error")?,
    })
}

static COUNTS: Statement = Statement::new(
    "SELECT (SELECT count(*) FROM webhook WHERE failing_since IS NOT NULL OR given_up IS NOT NULL) AS failing,
            (SELECT count(*) FROM webhook_delivery WHERE state = 'waiting') AS waiting",
);

/// How webhooks stand.
pub(in crate::store) async fn webhook_counts<S: Session>(session: &mut S) -> Result<WebhookCounts, StoreError> {
    let mut rows = session.query(&COUNTS, vec![]).await?;
    let row = rows.first_mut().ok_or_else(|| mismatch("webhook", "a count has one row"))?;
    Ok(WebhookCounts { failing: row.count("failing")?, waiting: row.count("waiting")? })
}
