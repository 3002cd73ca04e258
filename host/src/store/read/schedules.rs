//! Schedules: one, a page, the next to fire, and what their occurrences came to.

use std::sync::LazyLock;
use std::time::Duration;

use super::jobs::reached;
use super::rows::{time, time_or_null};
use crate::domain::page::PAGE_MAX;
use crate::domain::schedule::InvalidOverlap;
use crate::domain::{
    CatchUp, JobId, JobTemplate, NextRun, Reach, RunCause, Schedule, ScheduleId, ScheduleName, SchedulePage,
    SchedulePlan, ScheduleRef, ScheduleRun, ScheduleRunPage, ScheduleRunWhat, Timestamp,
};
use crate::store::StoreError;
use crate::store::session::{Row, Session, mismatch};
use crate::store::sql::Statement;

/// What [`schedule`] reads, in its order, with the newest occurrence.
const COLUMNS: &str = "schedule.id, schedule.name, schedule.cron, schedule.time_zone, schedule.module_name, schedule.job, \
     schedule.jitter_ms, schedule.overlap, schedule.catch_up, schedule.catch_up_limit, schedule.catch_up_age_ms, \
     schedule.late_after_ms, schedule.paused, schedule.next_at, schedule.fire_at, schedule.revision, \
     schedule.created_by, schedule.created_at, schedule.updated_at, last.seq, last.scheduled_for, last.at, \
     last.by_hand, last.outcome, last.job_id, last.until, last.problem \
     FROM schedule LEFT JOIN schedule_run AS last ON last.schedule_id = schedule.id AND last.seq = schedule.runs";

static BY_ID: LazyLock<Statement> =
    LazyLock::new(|| Statement::built(format!("SELECT {COLUMNS} WHERE schedule.id = $1")));
static BY_NAME: LazyLock<Statement> =
    LazyLock::new(|| Statement::built(format!("SELECT {COLUMNS} WHERE schedule.name = $1")));
/// `$1` the name after which it starts, `$2` how many, `$3` as [`reached`] gives it.
static PAGE: LazyLock<Statement> = LazyLock::new(|| {
    Statement::built(format!(
        "SELECT {COLUMNS} WHERE schedule.name > $1
           AND (CAST($3 AS TEXT) IS NULL OR $3 LIKE '% ' || schedule.module_name || ' %')
         ORDER BY schedule.name LIMIT $2"
    ))
});

/// One schedule.
pub(in crate::store) async fn find_schedule<S: Session>(
    session: &mut S,
    which: &ScheduleRef,
) -> Result<Option<Schedule>, StoreError> {
    let mut rows = match which {
        ScheduleRef::Id(id) => session.query(&BY_ID, vec![id.uuid().into()]).await?,
        ScheduleRef::Name(name) => session.query(&BY_NAME, vec![name.as_str().into()]).await?,
    };
    rows.first_mut().map(schedule).transpose()
}

/// Schedules by their name.
pub(in crate::store) async fn schedule_page<S: Session>(
    session: &mut S,
    reach: &Reach,
    after: Option<&ScheduleName>,
    limit: u32,
) -> Result<SchedulePage, StoreError> {
    let limit = limit.clamp(1, PAGE_MAX);
    let values = vec![after.map_or("", ScheduleName::as_str).into(), (limit + 1).into(), reached(reach)];
    let mut rows = session.query(&PAGE, values).await?;
    let is_more = rows.len() > limit as usize;
    rows.truncate(limit as usize);
    let schedules = rows.iter_mut().map(schedule).collect::<Result<Vec<_>, _>>()?;
    let last = schedules.last().map(|schedule| schedule.plan.name.clone());
    Ok(SchedulePage { schedules, next: last.filter(|_| is_more) })
}

static NOW: Statement = Statement::new("SELECT {now}");

/// What time it is by the database's clock.
pub(in crate::store) async fn now<S: Session>(session: &mut S) -> Result<Timestamp, StoreError> {
    let rows = session.query(&NOW, vec![]).await?;
    let row = rows.into_iter().next();
    row.map_or_else(|| Err(mismatch("now", "the database did not say it")), |mut row| time(&mut row, "now"))
}

/// `$1` how many.
static NEXT: Statement =
    Statement::new("SELECT id, fire_at, {now} FROM schedule WHERE fire_at IS NOT NULL ORDER BY fire_at, id LIMIT $1");

/// The schedules that fire next, soonest first, each with its time; and the time that it is, by the database's clock.
pub(in crate::store) async fn next_firings<S: Session>(
    session: &mut S,
    limit: u32,
) -> Result<Vec<(ScheduleId, Timestamp, Timestamp)>, StoreError> {
    let rows = session.query(&NEXT, vec![limit.into()]).await?;
    let firing = |mut row: Row| {
        let id = ScheduleId::from_uuid(row.uuid("schedule.id")?);
        Ok((id, time(&mut row, "schedule.fire_at")?, time(&mut row, "now")?))
    };
    rows.into_iter().map(firing).collect()
}

/// `$1` schedule, `$2` before, `$3` how many.
static RUNS: Statement = Statement::new(
    "SELECT seq, scheduled_for, at, by_hand, outcome, job_id, until, problem FROM schedule_run
     WHERE schedule_id = $1 AND seq < $2 ORDER BY seq DESC LIMIT $3",
);

/// What occurrences came to, newest first.
pub(in crate::store) async fn schedule_runs<S: Session>(
    session: &mut S,
    schedule: ScheduleId,
    before: Option<u64>,
    limit: u32,
) -> Result<ScheduleRunPage, StoreError> {
    let limit = limit.clamp(1, PAGE_MAX);
    let values = vec![schedule.uuid().into(), before.unwrap_or(u64::MAX).into(), (limit + 1).into()];
    let rows = session.query(&RUNS, values).await?;
    let mut runs = Vec::new();
    for mut row in rows {
        runs.extend(run(&mut row)?);
    }
    let is_more = runs.len() > limit as usize;
    runs.truncate(limit as usize);
    let next = runs.last().filter(|_| is_more).map(|run| run.seq);
    Ok(ScheduleRunPage { runs, next })
}

fn schedule(row: &mut Row) -> Result<Schedule, StoreError> {
    let id = ScheduleId::from_uuid(row.uuid("schedule.id")?);
    let name = row.word("schedule.name")?;
    let (cron, time_zone) = (row.text("schedule.cron")?, row.text("schedule.time_zone")?);
    let module_name = row.text("schedule.module_name")?;
    let job = JobTemplate::from_json(&row.text("schedule.job")?)
        .map_err(|error| mismatch("schedule.job", &error.to_string()))?;
    let jitter = span(row, "schedule.jitter_ms")?;
    let overlap = row
        .text("schedule.overlap")?
        .parse()
        .map_err(|error: InvalidOverlap| mismatch("schedule.overlap", &error.to_string()))?;
    let catch_up = CatchUp {
        policy: row.word("schedule.catch_up")?,
        limit: row.small("schedule.catch_up_limit")?,
        max_age: span(row, "schedule.catch_up_age_ms")?,
    };
    let late_after = span(row, "schedule.late_after_ms")?;
    let paused = row.int("schedule.paused")? == 1;
    let next = match (time_or_null(row, "schedule.next_at")?, time_or_null(row, "schedule.fire_at")?) {
        (Some(scheduled_for), Some(fire_at)) => Some(NextRun { scheduled_for, fire_at }),
        (None | Some(_), _) => None,
    };
    let revision = row.count("schedule.revision")?;
    let created_by = row.text_or_null("schedule.created_by")?;
    let (created_at, updated_at) = (time(row, "schedule.created_at")?, time(row, "schedule.updated_at")?);
    let plan = SchedulePlan { name, cron, time_zone, job, jitter, overlap, catch_up, late_after, paused };
    Ok(Schedule { id, plan, module_name, next, revision, created_by, created_at, updated_at, last_run: run(row)? })
}

fn span(row: &mut Row, place: &'static str) -> Result<Duration, StoreError> {
    row.count(place).map(Duration::from_millis)
}

/// What an occurrence came to; none when the row has none.
fn run(row: &mut Row) -> Result<Option<ScheduleRun>, StoreError> {
    let Some(seq) = row.int_or_null("schedule_run.seq")? else { return Ok(None) };
    let seq = u64::try_from(seq).map_err(|_| mismatch("schedule_run.seq", "it is negative"))?;
    let (scheduled_for, at) = (time(row, "schedule_run.scheduled_for")?, time(row, "schedule_run.at")?);
    let cause = if row.int("schedule_run.by_hand")? == 1 { RunCause::Hand } else { RunCause::Pattern };
    let outcome = row.text("schedule_run.outcome")?;
    let job = row.uuid_or_null("schedule_run.job_id")?.map(JobId::from_uuid);
    let until = time_or_null(row, "schedule_run.until")?;
    let problem = row.text_or_null("schedule_run.problem")?;
    let what = match (outcome.as_str(), job) {
        ("started", Some(job)) => ScheduleRunWhat::Started(job),
        ("skipped", Some(job)) => ScheduleRunWhat::Skipped(job),
        ("missed", None) => ScheduleRunWhat::Missed { until: until.unwrap_or(scheduled_for) },
        ("refused", None) => ScheduleRunWhat::Refused(problem.unwrap_or_default()),
        _ => return Err(mismatch("schedule_run.outcome", "no outcome of this program")),
    };
    Ok(Some(ScheduleRun { seq, scheduled_for, at, cause, what }))
}
