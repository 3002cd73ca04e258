//! What began and what ended over time, counted in indexes alone.

use super::jobs::reached;
use super::rows::time_or_null;
use crate::domain::{HistorySpan, HistoryStep, JobHistory, Reach, Timestamp};
use crate::store::StoreError;
use crate::store::session::{Row, Session, Value};
use crate::store::sql::Statement;

/// Counts in one step jobs whose time `$time` lies in it and which are `$which`. The condition on the module is left out
/// where all are seen: it would cost as much as the count.
macro_rules! count {
    ($time:literal, $which:literal, $seen:literal) => {
        concat!(
            "(SELECT count(*) FROM job WHERE ",
            $which,
            " job.",
            $time,
            " >= $1 + step.n * $2 AND job.",
            $time,
            " < $1 + (step.n + 1) * $2",
            $seen,
            ")"
        )
    };
}

macro_rules! history {
    ($seen:literal) => {
        Statement::new(concat!(
            "WITH RECURSIVE step (n) AS (SELECT CAST(0 AS BIGINT) UNION ALL SELECT n + 1 FROM step WHERE n + 1 < $3)
             SELECT ",
            count!("started_at", "", $seen),
            ", ",
            count!("finished_at", "job.status = 'completed' AND", $seen),
            ", ",
            count!("finished_at", "job.status = 'failed' AND", $seen),
            ", ",
            count!("finished_at", "job.status = 'stopped' AND", $seen),
            " FROM step ORDER BY n"
        ))
    };
}

/// `$1` begin, `$2` length of a step, `$3` how many.
static HISTORY: Statement = history!("");
/// The same, `$4` as [`reached`] gives it.
static HISTORY_REACHED: Statement = history!(" AND $4 LIKE '% ' || job.module_name || ' %'");

macro_rules! oldest {
    ($status:literal) => {
        concat!(
            "SELECT (SELECT min(finished_at) FROM job WHERE status = '",
            $status,
            "' AND finished_at IS NOT NULL
                       AND (CAST($1 AS TEXT) IS NULL OR $1 LIKE '% ' || module_name || ' %')) AS ended_at"
        )
    };
}

/// `$1` as [`reached`] gives it. One look into an index for each status, where all are seen.
static OLDEST: Statement = Statement::new(concat!(
    "SELECT min(ended_at) FROM (",
    oldest!("completed"),
    " UNION ALL ",
    oldest!("failed"),
    " UNION ALL ",
    oldest!("stopped"),
    ") AS oldest"
));

/// What began and ended in the steps of a span.
pub(in crate::store) async fn job_history<S: Session>(
    session: &mut S,
    span: HistorySpan,
    reach: &Reach,
    now: Timestamp,
) -> Result<JobHistory, StoreError> {
    let (begin, step) = (span.begin(now), span.step());
    let mut values: Vec<Value> = vec![begin.into(), step.into(), span.steps(now).into()];
    let rows = match reach {
        Reach::All => session.query(&HISTORY, values).await?,
        Reach::Only(_) => {
            values.push(reached(reach));
            session.query(&HISTORY_REACHED, values).await?
        }
    };
    let steps = rows.into_iter().map(history_step).collect::<Result<_, _>>()?;
    let mut oldest = session.query(&OLDEST, vec![reached(reach)]).await?;
    let oldest_ended_at = oldest.first_mut().map(|row| time_or_null(row, "job.finished_at")).transpose()?.flatten();
    Ok(JobHistory { begin, step, steps, oldest_ended_at })
}

fn history_step(mut row: Row) -> Result<HistoryStep, StoreError> {
    Ok(HistoryStep {
        started: row.count("started")?,
        completed: row.count("completed")?,
        failed: row.count("failed")?,
        stopped: row.count("stopped")?,
    })
}
