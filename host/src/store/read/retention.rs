//! What retention looks at: which jobs ended first, how many there are, how much they take, and what it did last.

use std::sync::LazyLock;

use super::rows::{time, time_or_null};
use crate::domain::{JobId, NodeId, Status, Timestamp, Which};
use crate::store::StoreError;
use crate::store::session::{Row, Session, Value, mismatch};
use crate::store::sql::Statement;

/// Ended jobs to look at, those first that ended first; without those that are to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndedFilter {
    /// That ended like this.
    pub status: Status,
    /// That have this to remove.
    pub having: Having,
    /// That ended behind this time.
    pub after: Timestamp,
    /// That ended at this time or before.
    pub before: Timestamp,
    /// Of these modules.
    pub which: Which,
    /// At most so many.
    pub limit: u32,
}

/// What a job has to have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Having {
    /// Anything.
    Anything,
    /// Log lines.
    Logs,
    /// Checkpoints.
    Checkpoints,
}

/// An ended job, as far as it matters for what goes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EndedJob {
    /// Which.
    pub id: JobId,
    /// When it ended.
    pub finished_at: Timestamp,
    /// Its lines that are there: behind the first number, up to the second.
    pub lines: (u64, u64),
    /// About what they take.
    pub log_bytes: u64,
    /// Its results that are there, likewise.
    pub results: (u64, u64),
    /// About what they take.
    pub result_bytes: u64,
    /// About what its checkpoints take.
    pub checkpoint_bytes: u64,
}

/// What a line takes beside its message.
const LINE_BYTES: u64 = 40;

/// Indexed by [`Having`]. `$1` status, `$2` after, `$3` before, `$4` the only module or null, `$5` the other modules, each
/// between spaces, or null, `$6` how many.
static ENDED: LazyLock<[Statement; 3]> = LazyLock::new(|| {
    ["", "AND log_removed_seq < last_log_seq", "AND checkpoint_seq > 0 AND checkpoint_removed_at IS NULL"].map(
        |having| {
            Statement::built(format!(
                "SELECT id, finished_at, log_removed_seq, last_log_seq, log_bytes, result_removed_seq, last_result_seq,
                    result_bytes, CASE WHEN checkpoint_removed_at IS NULL THEN 2 * checkpoint_bytes ELSE 0 END
             FROM job
             WHERE status = $1 AND finished_at > $2 AND finished_at <= $3 AND keep = 0
               AND (CAST($4 AS TEXT) IS NULL OR module_name = $4)
               AND (CAST($5 AS TEXT) IS NULL OR $5 NOT LIKE '% ' || module_name || ' %') {having}
             ORDER BY finished_at LIMIT $6"
            ))
        },
    )
});

/// Jobs that ended first.
pub(in crate::store) async fn ended_before<S: Session>(
    session: &mut S,
    filter: &EndedFilter,
) -> Result<Vec<EndedJob>, StoreError> {
    let [only, others] = named(&filter.which);
    let values = vec![
        filter.status.as_str().into(),
        filter.after.into(),
        filter.before.into(),
        only,
        others,
        filter.limit.into(),
    ];
    let rows = session.query(&ENDED[filter.having as usize], values).await?;
    rows.into_iter().map(ended).collect()
}

/// The only module, and the names of the others; null for none.
fn named(which: &Which) -> [Value; 2] {
    match which {
        Which::Only(name) => [name.as_str().into(), Value::Null],
        Which::AllBut(names) if names.is_empty() => [Value::Null, Value::Null],
        Which::AllBut(names) => [Value::Null, format!(" {} ", names.join(" ")).into()],
    }
}

fn ended(mut row: Row) -> Result<EndedJob, StoreError> {
    let (id, finished_at) = (JobId::from_uuid(row.uuid("job.id")?), time(&mut row, "job.finished_at")?);
    let lines = (row.count("job.log_removed_seq")?, row.count("job.last_log_seq")?);
    let log_bytes = left(row.count("job.log_bytes")?, lines) + LINE_BYTES * (lines.1 - lines.0.min(lines.1));
    let results = (row.count("job.result_removed_seq")?, row.count("job.last_result_seq")?);
    let result_bytes = left(row.count("job.result_bytes")?, results);
    let checkpoint_bytes = row.count("job.checkpoint_bytes")?;
    Ok(EndedJob { id, finished_at, lines, log_bytes, results, result_bytes, checkpoint_bytes })
}

/// The share of all bytes that those have which are left.
fn left(bytes: u64, (removed, last): (u64, u64)) -> u64 {
    let share = u128::from(bytes) * u128::from(last.saturating_sub(removed)) / u128::from(last.max(1));
    u64::try_from(share).unwrap_or(u64::MAX)
}

/// `$1` the only module or null.
static COUNT: Statement = Statement::new(
    "SELECT count(*) FROM job WHERE finished_at IS NOT NULL AND keep = 0
       AND (CAST($1 AS TEXT) IS NULL OR module_name = $1)",
);

/// How many jobs have ended that need not be kept, of one module or of all.
pub(in crate::store) async fn count_ended<S: Session>(
    session: &mut S,
    module: Option<&str>,
) -> Result<u64, StoreError> {
    let mut rows = session.query(&COUNT, vec![module.into()]).await?;
    rows.first_mut().map_or(Ok(0), |row| row.count("count"))
}

/// `$1` how many, `$2` the other modules, each between spaces, or null.
static CROWDED: Statement = Statement::new(
    "SELECT module_name, count(*) FROM job WHERE finished_at IS NOT NULL AND keep = 0
       AND (CAST($2 AS TEXT) IS NULL OR $2 NOT LIKE '% ' || module_name || ' %')
     GROUP BY module_name HAVING count(*) > $1",
);

/// The modules, but for some, that have more ended jobs than this: their names, and how many.
pub(in crate::store) async fn crowded_modules<S: Session>(
    session: &mut S,
    most: u64,
    but: Vec<String>,
) -> Result<Vec<(String, u64)>, StoreError> {
    let [_, others] = named(&Which::AllBut(but));
    let rows = session.query(&CROWDED, vec![most.into(), others]).await?;
    rows.into_iter().map(|mut row| Ok((row.text("job.module_name")?, row.count("count")?))).collect()
}

/// What a database holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Use {
    /// Bytes of what is there. On PostgreSQL those of what was stored, by account: its files also have rows that went and
    /// were not swept up yet.
    pub used_bytes: u64,
    /// Bytes in its file that are free for what comes; 0 where that is not known.
    pub free_bytes: u64,
    /// Whether free bytes can be given back to the disk.
    pub may_shrink: bool,
}

static PAGES: Statement = Statement::new(
    "SELECT (pages.page_count - free.freelist_count) * size.page_size, free.freelist_count * size.page_size,
            kind.auto_vacuum
     FROM pragma_page_count AS pages, pragma_freelist_count AS free, pragma_page_size AS size, pragma_auto_vacuum AS kind",
);

/// Of `SQLite`: what its pages are.
pub(in crate::store) async fn pages<S: Session>(session: &mut S) -> Result<Use, StoreError> {
    const INCREMENTAL: i64 = 2;
    let mut rows = session.query(&PAGES, vec![]).await?;
    let row = rows.first_mut().ok_or_else(|| mismatch("pages", "a count has one row"))?;
    let (used_bytes, free_bytes) = (row.count("pages.used")?, row.count("pages.free")?);
    Ok(Use { used_bytes, free_bytes, may_shrink: row.int("pages.kind")? == INCREMENTAL })
}

/// A kibibyte is what a job takes beside what it brings, indexes included.
static ACCOUNT: Statement = Statement::new(
    "SELECT CAST(
         (SELECT coalesce(sum(1024
              + CAST(log_bytes AS NUMERIC) * (last_log_seq - log_removed_seq) / greatest(last_log_seq, 1)
              + 40 * (last_log_seq - log_removed_seq)
              + CAST(result_bytes AS NUMERIC) * (last_result_seq - result_removed_seq) / greatest(last_result_seq, 1)
              + CASE WHEN checkpoint_removed_at IS NULL THEN checkpoint_bytes * least(checkpoint_seq, 2) ELSE 0 END), 0)
          FROM job)
         + (SELECT coalesce(sum(pg_column_size(inputs) + pg_column_size(settings)), 0) FROM job_input)
         + (SELECT coalesce(sum(size_bytes), 0) FROM component) AS BIGINT)",
);

/// Of PostgreSQL: what was stored and is there, by account.
pub(in crate::store) async fn account<S: Session>(session: &mut S) -> Result<Use, StoreError> {
    let mut rows = session.query(&ACCOUNT, vec![]).await?;
    let used_bytes = rows.first_mut().map_or(Ok(0), |row| row.count("used"))?;
    Ok(Use { used_bytes, free_bytes: 0, may_shrink: false })
}

/// What retention has done, on whichever node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetentionRecord {
    /// The node that alone removes now.
    pub holder: Option<NodeId>,
    /// What the database held when somebody added it up.
    pub used_bytes: Option<u64>,
    /// When it removed something last, and why.
    pub last: Option<(Timestamp, String)>,
    /// Jobs that went, ever.
    pub jobs: u64,
    /// How often lines went of a job, ever.
    pub logs: u64,
    /// How often results went of a job before the job did, ever.
    pub results: u64,
    /// How often the checkpoints of a job went, ever.
    pub checkpoints: u64,
}

static RECORD: Statement = Statement::new(
    "SELECT CASE WHEN held_until >= {now} THEN node END, used_bytes, last_at, last_reason, removed_jobs, removed_logs,
            removed_results, removed_checkpoints
     FROM retention WHERE id = 1",
);

/// What retention has done.
pub(in crate::store) async fn retention_record<S: Session>(session: &mut S) -> Result<RetentionRecord, StoreError> {
    let mut rows = session.query(&RECORD, vec![]).await?;
    let row = rows.first_mut().ok_or_else(|| mismatch("retention", "its only row is missing"))?;
    let holder = row.uuid_or_null("retention.node")?.map(NodeId::from_uuid);
    let used_bytes = row.int_or_null("retention.used_bytes")?.and_then(|bytes| u64::try_from(bytes).ok());
    let (at, reason) = (time_or_null(row, "retention.last_at")?, row.text_or_null("retention.last_reason")?);
    Ok(RetentionRecord {
        holder,
        used_bytes,
        last: at.zip(reason),
        jobs: row.count("retention.removed_jobs")?,
        logs: row.count("retention.removed_logs")?,
        results: row.count("retention.removed_results")?,
        checkpoints: row.count("retention.removed_checkpoints")?,
    })
}
