//! Jobs that run as they are made: where nothing waits, and a claim in the same batch has room for all that the batch may
//! make ready, it takes every one of them, in whichever order. Then a job is stored as that claim would leave it, which
//! saves looking for it and writing it a second time.

use std::time::Duration;

use super::claim::attempt_row;
use super::jobs::ready_at;
use super::model::{Attempt, ClaimRequest, ClaimedJob, NewJob, Write};
use crate::domain::{Claim, HttpUsage};
use crate::store::read::grants;
use crate::store::session::{Row, Session, Value};
use crate::store::{StoreError, sql};

/// A claim that takes all that is ready after its batch.
#[derive(Clone, Copy)]
pub(super) struct Taker(ClaimRequest);

impl Taker {
    /// The claim of a batch with new jobs, if it is one.
    pub(super) async fn among<S: Session>(session: &mut S, writes: &[Write]) -> Result<Option<Self>, StoreError> {
        let mut claims = writes.iter().filter_map(|write| match write {
            Write::Claim(request) => Some(*request),
            _ => None,
        });
        let (Some(request), None) = (claims.next(), claims.next()) else { return Ok(None) };
        let most_ready = writes.iter().try_fold(0, |sum, write| Some(sum + most_ready(write)?));
        let has_jobs = writes.iter().any(|write| matches!(write, Write::CreateJob(_)));
        if !has_jobs || most_ready.is_none_or(|most| most > request.limit) {
            return Ok(None);
        }
        let nothing_waits = session.query(&sql::READY, vec![request.at.into()]).await?.is_empty();
        Ok(nothing_waits.then_some(Self(request)))
    }

    /// The values by which a job is stored as taken: node and time, or nothing when it has to wait for something.
    pub(super) fn values_for(taker: Option<Self>, job: &NewJob) -> [Value; 2] {
        match taker {
            Some(Self(request)) if job.queue.is_none() && ready_at(job) <= request.at => {
                [request.node.uuid().into(), request.at.into()]
            }
            _ => [Value::Null, Value::Null],
        }
    }

    /// The claimed job and the row of its attempt, if the row that its making returned says that it was taken.
    pub(super) fn taken(self, row: &mut Row, job: &NewJob) -> Result<Option<(ClaimedJob, Vec<Value>)>, StoreError> {
        let Self(ClaimRequest { node, at, .. }) = self;
        let fence = row.int("job.fence")?;
        if row.uuid_or_null("job.owner")?.is_none() {
            return Ok(None);
        }
        let attempt = Attempt { claim: Claim::granted(job.id, fence, node), number: 1 };
        let claimed = ClaimedJob {
            attempt,
            module: job.module.clone(),
            inputs: job.inputs.clone(),
            settings: job.settings.clone(),
            max_duration: job.max_duration,
            budget_used: Duration::ZERO,
            stop_grace: job.stop_grace,
            retry: job.retry,
            retries: 0,
            last_log_seq: 0,
            last_result_seq: 0,
            log_bytes: 0,
            result_bytes: 0,
            cpu_used: Duration::ZERO,
            http: HttpUsage::default(),
            grants: grants(row)?,
            has_checkpoint: job.checkpoint.is_some(),
            after_crash: false,
            on_trial: false,
            ready_at: ready_at(job),
        };
        Ok(Some((claimed, attempt_row(attempt, at))))
    }
}

/// How many jobs may be ready after a write that were not before it; `None` where nobody knows. Who ends lets at most one
/// other in, beside going on itself.
fn most_ready(write: &Write) -> Option<u32> {
    match write {
        Write::CreateJob(job) => job.queue.is_none().then_some(1),
        Write::Finish(_) => Some(2),
        Write::RequestStop(..) => Some(1),
        other => (!other.may_leave_work()).then_some(0),
    }
}
