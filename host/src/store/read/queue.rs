//! The queue as a whole, and the size of the database.

use super::jobs::reached;
use super::rows::time_or_null;
use crate::domain::{Reach, Timestamp};
use crate::store::session::{Session, mismatch};
use crate::store::sql::Statement;
use crate::store::{StoreError, sql};

/// Jobs that have not ended: how many, and since when they wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Queue {
    /// Those that wait, those that wait for their time included.
    pub pending: u64,
    /// Those that run, on any node.
    pub running: u64,
    /// Since when the oldest could have been taken of those that wait for nothing but a free slot.
    pub oldest_ready_at: Option<Timestamp>,
}

/// What a database takes, and what is left for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// All its files together.
    pub database_bytes: u64,
    /// Room on its disk, where that is this machine's.
    pub disk_free_bytes: Option<u64>,
    /// Whether that is so little that no new work is taken.
    pub is_short_of_disk: bool,
}

/// How many jobs have not ended, and since when the oldest waits.
pub(in crate::store) async fn queue<S: Session>(session: &mut S) -> Result<Queue, StoreError> {
    let mut rows = session.query(&sql::QUEUE, vec![]).await?;
    let row = rows.first_mut().ok_or_else(|| mismatch("job", "a count has one row"))?;
    let (pending, running) = (row.count("pending")?, row.count("running")?);
    Ok(Queue { pending, running, oldest_ready_at: time_or_null(row, "oldest")? })
}

/// Since when the oldest could have been taken of the jobs that somebody sees and that wait for nothing but a free slot, or
/// from when on.
pub(in crate::store) async fn oldest_ready<S: Session>(
    session: &mut S,
    reach: &Reach,
) -> Result<Option<Timestamp>, StoreError> {
    let mut rows = match reach {
        Reach::All => session.query(&sql::OLDEST_READY, vec![]).await?,
        Reach::Only(_) => session.query(&sql::OLDEST_READY_REACHED, vec![reached(reach)]).await?,
    };
    rows.first_mut().map(|row| time_or_null(row, "job.ready_at")).transpose().map(Option::flatten)
}

static DATABASE_BYTES: Statement = Statement::new("SELECT pg_database_size(current_database())");

/// Bytes of a database of PostgreSQL.
pub(in crate::store) async fn database_bytes<S: Session>(session: &mut S) -> Result<u64, StoreError> {
    let mut rows = session.query(&DATABASE_BYTES, vec![]).await?;
    rows.first_mut().map_or(Ok(0), |row| row.count("pg_database_size"))
}
