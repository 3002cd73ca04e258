//! Lists of jobs, newest first: each way to narrow one is a statement of its own, so that each finds its index.

use std::fmt::Write as _;
use std::sync::LazyLock;

use super::jobs::reached;
use super::rows::{JOB_COLUMNS, job};
use crate::domain::job::labels::SELECTED_MAX;
use crate::domain::page::PAGE_MAX;
use crate::domain::{JobFilter, JobId, JobPage, SearchText, Status, Timestamp};
use crate::store::StoreError;
use crate::store::session::{Row, Session, Value};
use crate::store::sql::Statement;

/// Bytes of inputs and settings on one page, about.
const PAGE_BYTES: usize = 4 << 20;
/// So many jobs are looked through for one page of what is searched for; the next page goes on from there. PostgreSQL takes
/// some 50 ms for them. Tests have fewer jobs.
const SEARCHED: u32 = if cfg!(test) { 5 } else { 20_000 };

/// What drives a list: an index has the jobs of each in the order of their ids.
#[derive(Debug, Clone, Copy)]
enum By {
    Nothing,
    Status,
    Module,
    ModuleAndStatus,
    Digest,
}

impl By {
    const ALL: [Self; 5] = [Self::Nothing, Self::Status, Self::Module, Self::ModuleAndStatus, Self::Digest];

    fn of(filter: &JobFilter) -> Self {
        match (&filter.digest, &filter.module_name, filter.status) {
            (Some(_), _, _) => Self::Digest,
            (None, Some(_), Some(_)) => Self::ModuleAndStatus,
            (None, Some(_), None) => Self::Module,
            (None, None, Some(_)) => Self::Status,
            (None, None, None) => Self::Nothing,
        }
    }

    /// As a condition, for parameters with these numbers.
    fn condition(self, status: u8, other: u8) -> String {
        match self {
            Self::Nothing => String::new(),
            Self::Status => format!("AND job.status = ${status}"),
            Self::Module => format!("AND job.module_name = ${other}"),
            Self::ModuleAndStatus => format!("AND job.module_name = ${other} AND job.status = ${status}"),
            Self::Digest => format!("AND job.digest = ${other}"),
        }
    }

    /// The parameter beside the status that it needs.
    fn other(self, filter: &JobFilter) -> Option<Value> {
        match self {
            Self::Nothing | Self::Status => None,
            Self::Module | Self::ModuleAndStatus => filter.module_name.as_deref().map(Value::from),
            Self::Digest => filter.digest.map(Value::from),
        }
    }
}

/// `$3` status or null, `$4` version or null, `$5` as [`reached`] gives it.
const NARROWED: &str = "AND (CAST($3 AS TEXT) IS NULL OR job.status = $3)
     AND (CAST($4 AS TEXT) IS NULL OR job.module_version = $4)
     AND (CAST($5 AS TEXT) IS NULL OR $5 LIKE '% ' || job.module_name || ' %')";

/// Whether a job has what is searched for: three parameters, as [`patterns`] gives them, from this number on.
fn found(first: u8) -> String {
    let (text, labels, id) = (first, first + 1, first + 2);
    format!(
        "(job.module_name || '@' || job.module_version {{like}} ${text} ESCAPE '\\'
          OR job.error_message {{like}} ${text} ESCAPE '\\' OR job.error_code {{like}} ${text} ESCAPE '\\'
          OR job.labels {{like}} ${labels} ESCAPE '\\' OR {{hex_id}} {{like}} CAST(${id} AS TEXT) ESCAPE '\\')"
    )
}

/// The statements of lists in which nothing is searched for.
struct Lists {
    by: [Statement; By::ALL.len()],
    scheduled: Statement,
    labelled: [Statement; SELECTED_MAX],
}

/// What is listed: whole jobs, or only which they are.
static WHOLE: LazyLock<Lists> = LazyLock::new(|| Lists::of(JOB_COLUMNS, INPUTS));
static IDS: LazyLock<Lists> = LazyLock::new(|| Lists::of("job.id", ""));
const INPUTS: &str = "JOIN job_input ON job_input.job_id = job.id";

impl Lists {
    fn of(columns: &str, with: &str) -> Self {
        let by = By::ALL.map(|by| listed(by, columns, with));
        Self { by, scheduled: scheduled(columns, with), labelled: labelled(columns, with) }
    }
}

/// `$1` before, `$2` how many, `$3` to `$5` as [`NARROWED`] says, `$6` by what.
fn listed(by: By, columns: &str, with: &str) -> Statement {
    let by = by.condition(3, 6);
    Statement::built(format!(
        "SELECT {columns} FROM job {with}
         WHERE job.id < $1 {by} {NARROWED}
         ORDER BY job.id DESC LIMIT $2"
    ))
}

/// The same for those in which something is found: `$6` to `$8` as [`found`] says, `$9` where the search ends, `$10` by
/// what.
static SEARCHES: LazyLock<[Statement; By::ALL.len()]> = LazyLock::new(|| {
    By::ALL.map(|by| {
        let (by, found) = (by.condition(3, 10), found(6));
        Statement::built(format!(
            "SELECT {JOB_COLUMNS} FROM job {INPUTS}
             WHERE job.id < $1 AND job.id >= $9 {by} {NARROWED} AND {found}
             ORDER BY job.id DESC LIMIT $2"
        ))
    })
});

/// The last job that is looked at. `$1` before, then status and what else it is by.
static SEARCH_ENDS: LazyLock<[Statement; By::ALL.len()]> = LazyLock::new(|| {
    By::ALL.map(|by| {
        let by = match by {
            By::ModuleAndStatus => by.condition(2, 3),
            By::Nothing | By::Status | By::Module | By::Digest => by.condition(2, 2),
        };
        let last = SEARCHED - 1;
        Statement::built(format!(
            "SELECT job.id FROM job WHERE job.id < $1 {by} ORDER BY job.id DESC LIMIT 1 OFFSET {last}"
        ))
    })
});

/// What lists by something that jobs have beside a module narrow further: `$6` digest or null, `$7` module name or null,
/// `$8` to `$10` as [`found`] says or null.
fn narrowed_further() -> String {
    let found = found(8);
    format!(
        "{NARROWED}
               AND (CAST($6 AS {{bytes}}) IS NULL OR job.digest = $6)
               AND (CAST($7 AS TEXT) IS NULL OR job.module_name = $7)
               AND (CAST($8 AS TEXT) IS NULL OR {found})"
    )
}

/// Lists of jobs of a schedule: `$1` to `$10` as before, `$11` schedule.
fn scheduled(columns: &str, with: &str) -> Statement {
    let further = narrowed_further();
    Statement::built(format!(
        "SELECT {columns} FROM job {with}
         WHERE job.schedule_id = $11 AND job.id < $1 {further}
         ORDER BY job.id DESC LIMIT $2"
    ))
}

/// Lists of jobs that have some labels, by how many these are, beginning with one: the first drives the search. `$1` to
/// `$10` as before, `$11` schedule or null, then name and value of each label.
fn labelled(columns: &str, with: &str) -> [Statement; SELECTED_MAX] {
    std::array::from_fn(|others| {
        let mut also = String::new();
        for at in 1..=others {
            let (name, value) = (12 + 2 * at, 13 + 2 * at);
            write!(
                also,
                " AND EXISTS (SELECT 1 FROM job_label AS other WHERE other.job_id = job.id
                              AND other.name = ${name} AND other.value = ${value})"
            )
            .expect("a text takes it");
        }
        let further = narrowed_further();
        Statement::built(format!(
            "SELECT {columns} FROM job_label JOIN job ON job.id = job_label.job_id {with}
             WHERE job_label.name = $12 AND job_label.value = $13 AND job_label.job_id < $1 {further}
               AND (CAST($11 AS {{bytes}}) IS NULL OR job.schedule_id = $11){also}
             ORDER BY job_label.job_id DESC LIMIT $2"
        ))
    })
}

/// What stands for a text in `LIKE`, anywhere: as it is, as it is in the JSON of labels, and as part of an id.
fn patterns(search: Option<&SearchText>) -> [Value; 3] {
    let Some(search) = search else { return [Value::Null, Value::Null, Value::Null] };
    let anywhere = |text: &str| format!("%{}%", text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"));
    let json = serde_json::Value::from(search.as_str()).to_string();
    let label = json.trim_matches('"').replacen('=', "\":\"", 1);
    [
        anywhere(search.as_str()).into(),
        anywhere(&label).into(),
        search.id_digits().map(|digits| anywhere(&digits)).into(),
    ]
}

/// Jobs, newest first.
pub(in crate::store) async fn job_page<S: Session>(
    session: &mut S,
    filter: &JobFilter,
    now: Timestamp,
) -> Result<JobPage, StoreError> {
    let limit = filter.limit.clamp(1, PAGE_MAX);
    // One more than asked for tells whether there is a next page.
    let most = limit + 1;
    if filter.search.is_none() || !filter.labels.pairs().is_empty() || filter.schedule.is_some() {
        return page_of(rows_of(session, &WHOLE, filter, most).await?, limit, None, now);
    }
    let by = By::of(filter);
    let end = search_end(session, filter, by).await?;
    let mut values = narrowing(filter, most);
    values.extend(patterns(filter.search.as_ref()));
    values.push(end.map_or(uuid::Uuid::nil(), |id| id.uuid()).into());
    values.extend(by.other(filter));
    page_of(session.query(&SEARCHES[by as usize], values).await?, limit, end, now)
}

/// Which jobs there are, newest first, at most so many. For filters that search for nothing.
pub(in crate::store) async fn job_ids<S: Session>(
    session: &mut S,
    filter: &JobFilter,
    most: u32,
) -> Result<Vec<JobId>, StoreError> {
    let rows = rows_of(session, &IDS, filter, most).await?;
    rows.into_iter().map(|mut row| row.uuid("job.id").map(JobId::from_uuid)).collect()
}

/// `$1` to `$5`, as everywhere here.
fn narrowing(filter: &JobFilter, most: u32) -> Vec<Value> {
    let before = filter.before.map_or(uuid::Uuid::max(), |id| id.uuid());
    let version = filter.module_version.as_ref().map(ToString::to_string);
    vec![before.into(), most.into(), filter.status.map(Status::as_str).into(), version.into(), reached(&filter.reach)]
}

/// The rows of a list, at most so many.
async fn rows_of<S: Session>(
    session: &mut S,
    lists: &'static Lists,
    filter: &JobFilter,
    most: u32,
) -> Result<Vec<Row>, StoreError> {
    let mut values = narrowing(filter, most);
    let pairs = filter.labels.pairs();
    if pairs.is_empty() && filter.schedule.is_none() {
        let by = By::of(filter);
        values.extend(by.other(filter));
        return session.query(&lists.by[by as usize], values).await;
    }
    values.extend([filter.digest.into(), filter.module_name.as_deref().into()]);
    values.extend(patterns(filter.search.as_ref()));
    values.push(filter.schedule.map(|schedule| schedule.uuid()).into());
    if pairs.is_empty() {
        return session.query(&lists.scheduled, values).await;
    }
    values.extend(pairs.iter().flat_map(|(name, value)| [name.as_str().into(), value.as_str().into()]));
    let labels = pairs.len().min(SELECTED_MAX);
    session.query(&lists.labelled[labels - 1], values).await
}

/// Where a search for one page ends; `None` where there are few enough jobs.
async fn search_end<S: Session>(session: &mut S, filter: &JobFilter, by: By) -> Result<Option<JobId>, StoreError> {
    let mut values: Vec<Value> = vec![filter.before.map_or(uuid::Uuid::max(), |id| id.uuid()).into()];
    if matches!(by, By::Status | By::ModuleAndStatus) {
        values.push(filter.status.map(Status::as_str).into());
    }
    values.extend(by.other(filter));
    let mut rows = session.query(&SEARCH_ENDS[by as usize], values).await?;
    rows.first_mut().map(|row| row.uuid("job.id").map(JobId::from_uuid)).transpose()
}

/// The page out of its rows; `end` is where the list was cut off, if it was.
fn page_of(rows: Vec<Row>, limit: u32, end: Option<JobId>, now: Timestamp) -> Result<JobPage, StoreError> {
    let (mut jobs, mut bytes, found) = (Vec::new(), 0, rows.len());
    for mut row in rows.into_iter().take(limit as usize) {
        let job = job(&mut row, now)?;
        bytes += job.inputs.as_str().len() + job.settings.as_str().len();
        if bytes > PAGE_BYTES && !jobs.is_empty() {
            break;
        }
        jobs.push(job);
    }
    let next = if found > jobs.len() { jobs.last().map(|job| job.id) } else { end };
    Ok(JobPage { jobs, next })
}
