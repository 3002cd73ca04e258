//! The outbox: where a job ends, what is told of it is written in the same transaction.
//!
//! Costs one statement on a small table for each batch in which a job ends, and nothing else while there is no webhook.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use crate::domain::{EventId, EventKind, Job, JobId, Timestamp, Webhook, WebhookId};
use crate::store::read::{enabled_webhooks, ended_jobs};
use crate::store::session::{Session, Value};
use crate::store::write::answers::Answers;
use crate::store::write::model::{Answer, Write};
use crate::store::{StoreError, sql};

/// Writes what is told of a job that has ended: floors above know how a job looks to clients.
#[derive(Clone)]
pub struct EventBodies(Arc<dyn WriteBody>);

trait WriteBody: Fn(&Job, EventKind) -> String + Send + Sync {}
impl<T: Fn(&Job, EventKind) -> String + Send + Sync> WriteBody for T {}

impl EventBodies {
    /// Written by this function.
    pub fn by(write: impl Fn(&Job, EventKind) -> String + Send + Sync + 'static) -> Self {
        Self(Arc::new(write))
    }
}

impl fmt::Debug for EventBodies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EventBodies")
    }
}

/// What is sent of an event, and to whom.
struct Told<'h> {
    event: EventId,
    kind: EventKind,
    at: Timestamp,
    body: String,
    webhooks: Vec<&'h Webhook>,
}

/// Notes what is to be told of the jobs that end in this batch. Before any of them is resumed or deleted. Answers how many
/// deliveries came of it.
pub(in crate::store::write) async fn record_ends<S: Session>(
    session: &mut S,
    (writes, answers): (&[Write], &Answers),
    bodies: Option<&EventBodies>,
) -> Result<usize, StoreError> {
    let jobs = ended(writes, answers);
    let Some(bodies) = bodies.filter(|_| !jobs.is_empty()) else {
        return Ok(0);
    };
    let webhooks = enabled_webhooks(session).await?;
    if webhooks.is_empty() {
        return Ok(0);
    }
    let (mut events, mut deliveries) = (Vec::new(), Vec::new());
    for job in ended_jobs(session, &jobs).await? {
        if let Some(told) = told_of(&job, &webhooks, bodies) {
            deliveries.extend(told.webhooks.iter().map(|webhook| delivery_row(webhook.id, told.event)));
            events.push(event_row(told.event, (told.kind, Some(job.id)), told.at, told.body));
        }
    }
    let count = deliveries.len();
    if count > 0 {
        session.apply(&sql::INSERT_EVENTS, events).await?;
        session.apply(&sql::INSERT_DELIVERIES, deliveries).await?;
    }
    Ok(count)
}

fn told_of<'h>(job: &Job, webhooks: &'h [Webhook], bodies: &EventBodies) -> Option<Told<'h>> {
    let kind = EventKind::of_end(job.state.status())?;
    let at = job.state.finished_at()?;
    let webhooks: Vec<_> = webhooks.iter().filter(|webhook| webhook.wants(job)).collect();
    (!webhooks.is_empty()).then(|| Told { event: EventId::new(), kind, at, body: (bodies.0)(job, kind), webhooks })
}

pub(super) fn event_row(event: EventId, what: (EventKind, Option<JobId>), at: Timestamp, body: String) -> Vec<Value> {
    let (kind, job) = what;
    vec![event.uuid().into(), kind.as_str().into(), job.map(|job| job.uuid()).into(), at.into(), body.into()]
}

pub(super) fn delivery_row(webhook: WebhookId, event: EventId) -> Vec<Value> {
    vec![webhook.uuid().into(), event.uuid().into()]
}

/// The jobs that have ended in this batch, and those that were taken back from gone nodes and may have.
fn ended(writes: &[Write], answers: &Answers) -> BTreeSet<JobId> {
    let mut jobs = BTreeSet::new();
    for (write, answer) in writes.iter().zip(answers.all()) {
        match (write, answer) {
            (Write::Finish(finish), Answer::Status(status)) if status.is_ended() => {
                jobs.insert(finish.claim.job());
            }
            (Write::RequestStop(job, _), Answer::Asked(None)) => {
                jobs.insert(*job);
            }
            // Those that waited and were stopped for a new one.
            (Write::FireSchedule(_), Answer::Fired(fired)) => jobs.extend(&fired.stopped),
            (Write::Recover(..), Answer::Recovered(recovered)) => jobs.extend(&recovered.jobs),
            _ => {}
        }
    }
    jobs
}
