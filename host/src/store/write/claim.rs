//! Claims: a node takes ready jobs, with all that their attempts start from.

use std::cmp::Reverse;
use std::time::Duration;

use super::answers::Answers;
use super::fence::{returned, write_rows};
use super::gates::{self, Gates};
use super::model::{Answer, Attempt, ClaimRequest, ClaimedJob, Write};
use crate::domain::{Claim, HttpUsage, JsonObject, ModuleLabel, NodeId, RetryPolicy, Timestamp};
use crate::store::read::{digest, grants, time};
use crate::store::session::{Row, Session, Value, mismatch};
use crate::store::sql::Statement;
use crate::store::{StoreError, sql};

/// Adds what is ready, if anything may be, to what was taken when it was made.
pub(super) async fn apply<S: Session>(
    session: &mut S,
    writes: &[Write],
    may_be_ready: bool,
    answers: &mut Answers,
) -> Result<(), StoreError> {
    for (at, write) in writes.iter().enumerate() {
        let Write::Claim(request) = write else { continue };
        let mut jobs = std::mem::take(&mut answers.taken);
        let limit = request.limit.saturating_sub(u32::try_from(jobs.len()).unwrap_or(u32::MAX));
        if may_be_ready {
            jobs.append(&mut claim_for(session, ClaimRequest { limit, ..*request }).await?);
        }
        // What is returned has no order; jobs are to start in the order of their claim.
        jobs.sort_by_key(|job| job.attempt.claim.job());
        answers.set(at, Answer::Claimed(jobs));
    }
    Ok(())
}

async fn claim_for<S: Session>(session: &mut S, request: ClaimRequest) -> Result<Vec<ClaimedJob>, StoreError> {
    let ClaimRequest { node, at, .. } = request;
    let rows = claimed_rows(session, request).await?;
    let mut claimed = Vec::with_capacity(rows.len());
    let mut provisional = Vec::new();
    for mut row in rows {
        let (job, final_seq) = claimed_job(&mut row, node)?;
        if job.last_result_seq > final_seq {
            provisional.push(vec![job.attempt.claim.job().uuid().into(), final_seq.into()]);
        }
        claimed.push(job);
    }
    if claimed.is_empty() {
        return Ok(claimed);
    }
    let attempts = claimed.iter().map(|job| attempt_row(job.attempt, at)).collect();
    write_rows(session, &sql::CLAIM_ATTEMPTS, attempts).await?;
    if !provisional.is_empty() {
        session.apply(&sql::SUPERSEDE_PROVISIONAL, provisional.clone()).await?;
        session.apply(&sql::RECOUNT_RESULTS, provisional).await?;
    }
    Ok(claimed)
}

/// One way to take jobs: a statement, what it is about beside node, time and number, and the gate that they pass.
struct Way {
    statement: &'static Statement,
    about: Vec<Value>,
    gate: Option<String>,
}

impl Way {
    const fn of(statement: &'static Statement, about: Vec<Value>) -> Self {
        Self { statement, about, gate: None }
    }
}

/// Ways to take jobs.
#[derive(Default)]
struct Ways {
    /// With the highest priority that is found there, and whether it comes before others of the same.
    ready: Vec<(i64, bool, Way)>,
    suspicious: Vec<Way>,
}

/// The highest priority first, suspects last; of one priority, jobs of components that may run only so many at once before
/// or after all others.
async fn claimed_rows<S: Session>(session: &mut S, request: ClaimRequest) -> Result<Vec<Row>, StoreError> {
    let ClaimRequest { node, limit, suspects, limited_first, at } = request;
    let (mut ways, mut gates) = (Ways::default(), Gates::default());
    for mut row in session.query(&sql::READY, vec![at.into()]).await? {
        let (kind, priority) = (row.text("kind")?, row.int_or_null("job.priority")?);
        match (kind.as_str(), priority) {
            ("ready", Some(priority)) => {
                ways.ready.push((priority, !limited_first, Way::of(&sql::CLAIM, vec![priority.into()])));
            }
            ("suspect", None) => ways.suspicious.push(Way::of(&sql::CLAIM_SUSPECTS, vec![])),
            ("limited", None) => add_limited(session, request, &mut ways).await?,
            ("gate", None) => gates = gates::hold(session, at).await?,
            (other, _) => return Err(mismatch("kind", &format!("nothing that can be ready is called `{other}`"))),
        }
    }
    add_gated(session, &gates, &mut ways).await?;
    // The sort is stable: components of one priority keep their order.
    ways.ready.sort_by_key(|(priority, is_first, _)| (Reverse(*priority), !is_first));
    let ready: Vec<Way> = ways.ready.into_iter().map(|(_, _, way)| way).collect();
    let mut rows = Vec::new();
    for (most, ways) in [(limit, ready), (suspects, ways.suspicious)] {
        let most = (rows.len() + most as usize).min(limit as usize);
        for Way { statement, about, gate } in ways {
            let left = most.saturating_sub(rows.len());
            let left = gate.as_deref().map_or(left, |gate| left.min(gates.room(gate) as usize));
            if left > 0 {
                let mut values = vec![node.uuid().into(), at.into(), (left as u64).into()];
                values.extend(about);
                let taken = session.query(statement, values).await?;
                if let Some(gate) = gate {
                    gates.pass(&gate, u32::try_from(taken.len()).unwrap_or(u32::MAX));
                }
                rows.extend(taken);
            }
        }
    }
    gates.settle(session, at, rows.len() < limit as usize).await?;
    Ok(rows)
}

/// Adds the components that may run only so many jobs at once.
async fn add_limited<S: Session>(session: &mut S, request: ClaimRequest, ways: &mut Ways) -> Result<(), StoreError> {
    for mut row in session.query(&sql::HOLD_LIMITED, vec![request.at.into()]).await? {
        let component = Value::from(digest(&mut row, "component.digest")?);
        let priority = row.int("job.priority")?;
        let way = Way::of(&sql::CLAIM_LIMITED, vec![component.clone()]);
        ways.ready.push((priority, request.limited_first, way));
        ways.suspicious.push(Way::of(&sql::CLAIM_LIMITED_SUSPECTS, vec![component]));
    }
    Ok(())
}

/// Adds what may pass the gates that are held.
async fn add_gated<S: Session>(session: &mut S, gates: &Gates, ways: &mut Ways) -> Result<(), StoreError> {
    let open: Vec<_> = gates.open().map(|(key, priority, limited)| (key.to_owned(), priority, limited)).collect();
    for (key, priority, limited) in open {
        let way = |statement, about| Way { statement, about, gate: Some(key.clone()) };
        ways.ready.push((priority, true, way(&sql::CLAIM_GATED, vec![key.as_str().into()])));
        ways.suspicious.push(way(&sql::CLAIM_GATED_SUSPECTS, vec![key.as_str().into()]));
        let Some(component) = limited else { continue };
        if session.query(&sql::HOLD_COMPONENT, vec![component.into()]).await?.is_empty() {
            continue;
        }
        let about = vec![component.into(), key.as_str().into()];
        ways.ready.push((priority, true, way(&sql::CLAIM_GATED_LIMITED, about.clone())));
        ways.suspicious.push(way(&sql::CLAIM_GATED_LIMITED_SUSPECTS, about));
    }
    Ok(())
}

/// The row of an attempt that begins.
pub(super) fn attempt_row(attempt: Attempt, now: Timestamp) -> Vec<Value> {
    vec![
        attempt.claim.job().uuid().into(),
        attempt.claim.fence().into(),
        attempt.claim.node().uuid().into(),
        attempt.number.into(),
        now.into(),
    ]
}

/// The claimed job, and the number of its last final result.
fn claimed_job(row: &mut Row, node: NodeId) -> Result<(ClaimedJob, u64), StoreError> {
    let (job, fence) = returned(row)?;
    let number = row.small("job.attempt")?;
    let module = ModuleLabel {
        digest: digest(row, "job.digest")?,
        name: row.text("job.module_name")?,
        version: row.word("job.module_version")?,
    };
    let max_duration = row.int_or_null("job.max_duration_ms")?.map(duration);
    let stop_grace = duration(row.int("job.stop_grace_ms")?);
    let budget_used = duration(row.int("job.budget_used_ms")?);
    let max_attempts = row.small("job.max_attempts")?;
    let retry = RetryPolicy { max_attempts, backoff: duration(row.int("job.backoff_ms")?) };
    let retries = row.small("job.retries")?;
    let (last_log_seq, last_result_seq) = (row.count("job.last_log_seq")?, row.count("job.last_result_seq")?);
    let final_seq = row.count("job.final_result_seq")?;
    let (log_bytes, result_bytes) = (row.count("job.log_bytes")?, row.count("job.result_bytes")?);
    let cpu_used = duration(row.int("job.budget_cpu_ms")?);
    let http = HttpUsage { requests: row.count("job.http_requests")?, bytes: row.count("job.http_bytes")? };
    let has_checkpoint = row.int("job.checkpoint_seq")? > 0;
    let on_trial = row.int("job.on_trial")? == 1;
    let ready_at = time(row, "job.ready_at")?;
    let inputs = JsonObject::from_stored(row.text("job_input.inputs")?);
    let settings = JsonObject::from_stored(row.text("job_input.settings")?);
    let after_crash = row.text_or_null("attempt.outcome")?.as_deref() == Some("crashed");
    let claimed = ClaimedJob {
        attempt: Attempt { claim: Claim::granted(job, fence, node), number },
        module,
        inputs,
        settings,
        max_duration,
        budget_used,
        stop_grace,
        retry,
        retries,
        last_log_seq,
        last_result_seq,
        log_bytes,
        result_bytes,
        cpu_used,
        http,
        grants: grants(row)?,
        has_checkpoint,
        after_crash,
        on_trial,
        ready_at,
    };
    Ok((claimed, final_seq))
}

fn duration(millis: i64) -> Duration {
    Duration::from_millis(u64::try_from(millis).unwrap_or(0))
}
