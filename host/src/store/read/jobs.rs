//! Jobs: one, a page, how many stand where.

use std::fmt::Write as _;
use std::sync::LazyLock;

use super::rows::{JOB_COLUMNS, job, progress};
use crate::domain::job::labels::SELECTED_MAX;
use crate::domain::page::PAGE_MAX;
use crate::domain::{Job, JobCounts, JobFilter, JobId, JobPage, JobSummary, NodeId, Reach, Status, Timestamp};
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
fn reached(reach: &Reach) -> Value {
    reach.joined().map(|names| format!(" {names} ")).into()
}

/// How a list is narrowed: each way is a statement of its own, so that each finds its index. `$1` before, `$2` how many,
/// `$3` status or null, `$4` version or null, `$5` as [`reached`] gives it, `$6` by what.
static LISTS: LazyLock<[Statement; 4]> = LazyLock::new(|| {
    ["", "AND job.status = $6", "AND job.digest = $6", "AND job.module_name = $6"].map(|by| {
        Statement::built(format!(
            "SELECT {JOB_COLUMNS} FROM job JOIN job_input ON job_input.job_id = job.id
             WHERE job.id < $1 {by}
               AND (CAST($3 AS TEXT) IS NULL OR job.status = $3)
               AND (CAST($4 AS TEXT) IS NULL OR job.module_version = $4)
               AND (CAST($5 AS TEXT) IS NULL OR $5 LIKE '% ' || job.module_name || ' %')
             ORDER BY job.id DESC LIMIT $2"
        ))
    })
});

/// The same for jobs that have some labels, by how many these are, beginning with one: the first drives the search. `$1` to
/// `$5` as before, `$6` digest or null, `$7` module name or null, then name and value of each label.
static LABELLED: LazyLock<[Statement; SELECTED_MAX]> = LazyLock::new(|| {
    std::array::from_fn(|others| {
        let mut also = String::new();
        for at in 1..=others {
            let (name, value) = (8 + 2 * at, 9 + 2 * at);
            write!(
                also,
                " AND EXISTS (SELECT 1 FROM job_label AS other WHERE other.job_id = job.id
                              AND other.name = ${name} AND other.value = ${value})"
            )
            .expect("a text takes it");
        }
        Statement::built(format!(
            "SELECT {JOB_COLUMNS} FROM job_label JOIN job ON job.id = job_label.job_id
             JOIN job_input ON job_input.job_id = job.id
             WHERE job_label.name = $8 AND job_label.value = $9 AND job_label.job_id < $1
               AND (CAST($3 AS TEXT) IS NULL OR job.status = $3)
               AND (CAST($4 AS TEXT) IS NULL OR job.module_version = $4)
               AND (CAST($5 AS TEXT) IS NULL OR $5 LIKE '% ' || job.module_name || ' %')
               AND (CAST($6 AS {{bytes}}) IS NULL OR job.digest = $6)
               AND (CAST($7 AS TEXT) IS NULL OR job.module_name = $7){also}
             ORDER BY job_label.job_id DESC LIMIT $2"
        ))
    })
});

/// Bytes of inputs and settings on one page, about.
const PAGE_BYTES: usize = 4 << 20;

/// One job.
pub(in crate::store) async fn find_job<S: Session>(
    session: &mut S,
    id: JobId,
    now: Timestamp,
) -> Result<Option<Job>, StoreError> {
    let mut rows = session.query(&JOB, vec![id.uuid().into()]).await?;
    rows.first_mut().map(|row| job(row, now)).transpose()
}

/// Jobs, newest first.
pub(in crate::store) async fn job_page<S: Session>(
    session: &mut S,
    filter: &JobFilter,
    now: Timestamp,
) -> Result<JobPage, StoreError> {
    let before = filter.before.map_or(uuid::Uuid::max(), |id| id.uuid());
    let limit = filter.limit.clamp(1, PAGE_MAX);
    let status = filter.status.map(|status| Value::from(status.as_str()));
    let version = filter.module_version.as_ref().map(ToString::to_string);
    // One more than asked for tells whether there is a next page.
    let mut values = vec![
        before.into(),
        (limit + 1).into(),
        status.clone().unwrap_or(Value::Null),
        version.into(),
        reached(&filter.reach),
    ];
    let pairs = filter.labels.pairs();
    if !pairs.is_empty() {
        values.extend([filter.digest.into(), filter.module_name.as_deref().into()]);
        values.extend(pairs.iter().flat_map(|(name, value)| [name.as_str().into(), value.as_str().into()]));
        let labels = pairs.len().min(SELECTED_MAX);
        return page_of(session.query(&LABELLED[labels - 1], values).await?, limit, now);
    }
    let (list, by) = match (&filter.digest, &filter.module_name, &status) {
        (Some(digest), _, _) => (2, Some((*digest).into())),
        (None, Some(name), _) => (3, Some(name.as_str().into())),
        (None, None, Some(status)) => (1, Some(status.clone())),
        (None, None, None) => (0, None),
    };
    values.extend(by);
    page_of(session.query(&LISTS[list], values).await?, limit, now)
}

fn page_of(rows: Vec<Row>, limit: u32, now: Timestamp) -> Result<JobPage, StoreError> {
    let (mut jobs, mut bytes, found) = (Vec::new(), 0, rows.len());
    for mut row in rows.into_iter().take(limit as usize) {
        let job = job(&mut row, now)?;
        bytes += job.inputs.as_str().len() + job.settings.as_str().len();
        if bytes > PAGE_BYTES && !jobs.is_empty() {
            break;
        }
        jobs.push(job);
    }
    let next = if found > jobs.len() { jobs.last().map(|job| job.id) } else { None };
    Ok(JobPage { jobs, next })
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
