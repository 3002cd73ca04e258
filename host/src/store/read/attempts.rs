//! The attempts of a job.

use super::rows::{time, time_or_null};
use crate::domain::page::PAGE_MAX;
use crate::domain::{After, AttemptPage, JobId, NodeId, StoredAttempt};
use crate::store::StoreError;
use crate::store::session::{Row, Session, mismatch};
use crate::store::sql::Statement;

/// `$1` job, `$2` after, `$3` how many.
static ATTEMPTS: Statement = Statement::new(
    "SELECT fence, attempt, node, started_at, ended_at, outcome FROM attempt
     WHERE job_id = $1 AND fence > $2 ORDER BY fence LIMIT $3",
);

/// The attempts after a number, in their order.
pub(in crate::store) async fn attempt_page<S: Session>(
    session: &mut S,
    job: JobId,
    part: After,
) -> Result<AttemptPage, StoreError> {
    let values = vec![job.uuid().into(), part.after.into(), part.limit.clamp(1, PAGE_MAX).into()];
    let rows = session.query(&ATTEMPTS, values).await?;
    let attempts = rows.into_iter().map(attempt).collect::<Result<Vec<_>, _>>()?;
    let next_after = attempts.last().map_or(part.after, |attempt| attempt.seq);
    Ok(AttemptPage { attempts, next_after })
}

fn attempt(mut row: Row) -> Result<StoredAttempt, StoreError> {
    let (seq, attempt) = (row.count("attempt.fence")?, row.small("attempt.attempt")?);
    let node = NodeId::from_uuid(row.uuid("attempt.node")?);
    let (started_at, ended_at) = (time(&mut row, "attempt.started_at")?, time_or_null(&mut row, "attempt.ended_at")?);
    let outcome = row.text_or_null("attempt.outcome")?.map(|text| text.parse()).transpose();
    let outcome = outcome.map_err(|_| mismatch("attempt.outcome", "it names no outcome"))?;
    Ok(StoredAttempt { seq, attempt, node, started_at, ended: ended_at.zip(outcome) })
}
