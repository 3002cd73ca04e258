//! Jobs: one, how many stand where, what changes of them.

use std::sync::LazyLock;

use super::rows::{JOB_COLUMNS, job, progress};
use crate::domain::page::PAGE_MAX;
use crate::domain::{Job, JobCounts, JobId, JobSummary, NodeId, Reach, Status, Timestamp};
use crate::store::StoreError;
use crate::store::session::{Row, Session, Value};
use crate::store::sql::{BatchStatement, Kind, Statement};

static JOB: LazyLock<Statement> = LazyLock::new(|| {
    Statement::built(format!(
        "SELECT {JOB_COLUMNS} FROM job JOIN job_input ON job_input.job_id = job.id WHERE job.id = $1"
    ))
});

/// The modules that a caller reaches: their names, each between spaces, or null for all. Names have none of the letters
/// that `LIKE` reads in its own way.
pub(super) fn reached(reach: &Reach) -> Value {
    reach.joined().map(|names| format!(" {names} ")).into()
}

/// One job.
pub(in crate::store) async fn find_job<S: Session>(
    session: &mut S,
    id: JobId,
    now: Timestamp,
) -> Result<Option<Job>, StoreError> {
    let mut rows = session.query(&JOB, vec![id.uuid().into()]).await?;
    rows.first_mut().map(|row| job(row, now)).transpose()
}

static COUNT_JOBS: Statement = Statement::new("SELECT status, count(*) FROM job GROUP BY status");
static COUNT_REACHED: Statement =
    Statement::new("SELECT status, count(*) FROM job WHERE $1 LIKE '% ' || module_name || ' %' GROUP BY status");

/// How many jobs stand where.
pub(in crate::store) async fn job_counts<S: Session>(session: &mut S, reach: &Reach) -> Result<JobCounts, StoreError> {
    let mut counts = JobCounts::default();
    let rows = match reach {
        // Answered from an index alone.
        Reach::All => session.query(&COUNT_JOBS, vec![]).await?,
        Reach::Only(_) => session.query(&COUNT_REACHED, vec![reached(reach)]).await?,
    };
    for mut row in rows {
        let (status, count) = (row.word::<Status>("job.status")?, row.count("count")?);
        *match status {
            Status::Pending => &mut counts.pending,
            Status::Running => &mut counts.running,
            Status::Completed => &mut counts.completed,
            Status::Failed => &mut counts.failed,
            Status::Stopped => &mut counts.stopped,
        } = count;
    }
    Ok(counts)
}

/// `$1` how many, `$2` as [`reached`] gives it.
static RUNNING: Statement = Statement::new(
    "SELECT id FROM job
     WHERE status = 'running' AND (CAST($2 AS TEXT) IS NULL OR $2 LIKE '% ' || module_name || ' %')
     ORDER BY id DESC LIMIT $1",
);

/// The running jobs, newest first.
pub(in crate::store) async fn running_jobs<S: Session>(
    session: &mut S,
    reach: &Reach,
) -> Result<Vec<JobId>, StoreError> {
    let rows = session.query(&RUNNING, vec![PAGE_MAX.into(), reached(reach)]).await?;
    rows.into_iter().map(|mut row| row.uuid("job.id").map(JobId::from_uuid)).collect()
}

static SUMMARIES: BatchStatement = BatchStatement::new(
    &[("job", Kind::Bytes)],
    "SELECT job.id, job.module_name, job.status, job.attempt, job.node, job.progress_done, job.progress_total
     FROM w JOIN job ON job.id = w.job",
);

/// What changes of jobs while they are watched.
pub(in crate::store) async fn job_summaries<S: Session>(
    session: &mut S,
    jobs: &[JobId],
) -> Result<Vec<JobSummary>, StoreError> {
    let rows = jobs.iter().map(|job| vec![job.uuid().into()]).collect();
    let summary = |mut row: Row| {
        Ok(JobSummary {
            id: JobId::from_uuid(row.uuid("job.id")?),
            module_name: row.text("job.module_name")?,
            status: row.word("job.status")?,
            attempt: row.small("job.attempt")?,
            node: row.uuid_or_null("job.node")?.map(NodeId::from_uuid),
            progress: progress(&mut row)?,
        })
    };
    session.apply(&SUMMARIES, rows).await?.into_iter().map(summary).collect()
}

static STATUS: Statement = Statement::new("SELECT status, last_log_seq FROM job WHERE id = $1");

/// Where a job stands and the number of its last log line.
pub(in crate::store) async fn job_status<S: Session>(
    session: &mut S,
    id: JobId,
) -> Result<Option<(Status, u64)>, StoreError> {
    let mut rows = session.query(&STATUS, vec![id.uuid().into()]).await?;
    rows.first_mut().map(|row| Ok((row.word("job.status")?, row.count("job.last_log_seq")?))).transpose()
}

static MODULE_NAME: Statement = Statement::new("SELECT module_name FROM job WHERE id = $1");

/// The name of the module that a job runs.
pub(in crate::store) async fn job_module<S: Session>(session: &mut S, id: JobId) -> Result<Option<String>, StoreError> {
    let mut rows = session.query(&MODULE_NAME, vec![id.uuid().into()]).await?;
    rows.first_mut().map(|row| row.text("job.module_name")).transpose()
}
