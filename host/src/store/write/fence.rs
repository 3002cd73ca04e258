//! Statements that only match a claim that still holds.

use crate::domain::{Claim, JobId};
use crate::store::session::{Row, Session, Value};
use crate::store::{StoreError, sql};

/// A job and a fence: what a fenced statement matches and returns.
pub(super) type Fenced = (JobId, i64);

/// What identifies a claim.
pub(super) fn fenced(claim: Claim) -> Fenced {
    (claim.job(), claim.fence())
}

/// The claim of a row that a statement returned.
pub(super) fn returned(row: &mut Row) -> Result<Fenced, StoreError> {
    Ok((JobId::from_uuid(row.uuid("job.id")?), row.int("job.fence")?))
}

/// Runs the rows of a batch, if there are any; nobody looks at what they come to before the commit.
pub(super) async fn write_rows<S: Session>(
    session: &mut S,
    statement: &'static sql::BatchStatement,
    rows: Vec<Vec<Value>>,
) -> Result<(), StoreError> {
    if !rows.is_empty() {
        session.apply_later(statement, rows).await?;
    }
    Ok(())
}
