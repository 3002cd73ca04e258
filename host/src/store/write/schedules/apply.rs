//! The writes of schedules. An occurrence is one write: it moves the schedule on and creates the job, or notes why not, all
//! or nothing; of several nodes that try it, the one that finds the schedule as it has seen it does it.

use super::firing::{Fired, Firing, NewRun, NewRunWhat, ScheduleWrite};
use crate::domain::{Claim, JobId, NextRun, Overlap, RunCause, ScheduleRunWhat, Timestamp};
use crate::store::session::{Row, Session, Value};
use crate::store::write::answers::Answers;
use crate::store::write::jobs;
use crate::store::write::model::{Answer, NewJob, Write};
use crate::store::{StoreError, sql};

/// Schedules that there may be: each node looks at the next ones again and again, and people read the list.
const SCHEDULES: u64 = 10_000;
/// Occurrences of each that are remembered.
const RUNS_KEPT: u64 = 200;

pub(in crate::store::write) async fn apply<S: Session>(
    session: &mut S,
    writes: &[Write],
    answers: &mut Answers,
) -> Result<(), StoreError> {
    for (at, write) in writes.iter().enumerate() {
        let answer = match write {
            Write::PutSchedule(put) => put_schedule(session, put).await?,
            Write::RemoveSchedule(id) => {
                let removed = session.query(&sql::REMOVE_SCHEDULE, vec![id.uuid().into()]).await?;
                if removed.is_empty() { Answer::NotMatched } else { Answer::Done }
            }
            Write::FireSchedule(firing) => fire(session, firing, answers).await?,
            _ => continue,
        };
        answers.set(at, answer);
    }
    Ok(())
}

/// `Done`, `NameTaken`, `NotMatched` when it is not as it was seen, or `Count` when there are as many as there may be.
async fn put_schedule<S: Session>(session: &mut S, put: &ScheduleWrite) -> Result<Answer, StoreError> {
    let ScheduleWrite { schedule, seen } = put;
    let mut values = values_of(put);
    let Some(revision) = seen else {
        let counted = session.query(&sql::COUNT_SCHEDULES, vec![]).await?;
        let schedules = counted.into_iter().next().map_or(Ok(0), |mut row| row.count("count"))?;
        if schedules >= SCHEDULES {
            return Ok(Answer::Count(schedules));
        }
        let inserted = session.query(&sql::INSERT_SCHEDULE, values).await?;
        return Ok(if inserted.is_empty() { Answer::NameTaken } else { Answer::Done });
    };
    values.push((*revision).into());
    if !session.query(&sql::CHANGE_SCHEDULE, values).await?.is_empty() {
        return Ok(Answer::Done);
    }
    let name = vec![schedule.plan.name.as_str().into(), schedule.id.uuid().into()];
    let namesake = session.query(&sql::NAMESAKE, name).await?;
    Ok(if namesake.is_empty() { Answer::NotMatched } else { Answer::NameTaken })
}

fn values_of(put: &ScheduleWrite) -> Vec<Value> {
    let (schedule, plan) = (&put.schedule, &put.schedule.plan);
    let [next_at, fire_at] = next(schedule.next);
    vec![
        schedule.id.uuid().into(),
        plan.name.as_str().into(),
        plan.cron.as_str().into(),
        plan.time_zone.as_str().into(),
        schedule.module_name.as_str().into(),
        plan.job.to_json().into(),
        plan.jitter.into(),
        plan.overlap.as_str().into(),
        plan.catch_up.policy.as_str().into(),
        plan.catch_up.limit.into(),
        plan.catch_up.max_age.into(),
        plan.late_after.into(),
        i64::from(plan.paused).into(),
        next_at,
        fire_at,
        schedule.created_by.as_deref().into(),
        schedule.updated_at.into(),
    ]
}

fn next(next: Option<NextRun>) -> [Value; 2] {
    [next.map(|next| next.scheduled_for).into(), next.map(|next| next.fire_at).into()]
}

/// `Fired`, or `NotMatched` when the schedule is not as it was seen.
async fn fire<S: Session>(session: &mut S, firing: &Firing, answers: &mut Answers) -> Result<Answer, StoreError> {
    let id = firing.schedule.uuid();
    let [next_at, fire_at] = next(firing.next);
    let count = firing.runs.len() as u64;
    let values = vec![id.into(), firing.revision.into(), next_at, fire_at, count.into()];
    let mut moved = session.query(&sql::MOVE_SCHEDULE, values).await?;
    let Some(row) = moved.first_mut() else { return Ok(Answer::NotMatched) };
    let last = row.count("schedule.runs")?;
    let mut fired = Fired::default();
    let mut active = active_jobs(session, firing).await?;
    for NewRun { what, .. } in &firing.runs {
        let what = match what {
            NewRunWhat::Start(job) => start(session, (firing, job), &mut active, &mut fired, answers).await?,
            NewRunWhat::Missed { until } => ScheduleRunWhat::Missed { until: *until },
            NewRunWhat::Refused(problem) => ScheduleRunWhat::Refused(problem.clone()),
        };
        fired.runs.push(what);
    }
    if count > 0 {
        let runs = (last + 1 - count..).zip(firing.runs.iter().zip(&fired.runs));
        let rows = runs.map(|(seq, (run, what))| run_row(firing, seq, run, what)).collect();
        session.apply(&sql::APPEND_RUNS, rows).await?;
        session.query(&sql::DROP_OLD_RUNS, vec![id.into(), last.saturating_sub(RUNS_KEPT).into()]).await?;
    }
    Ok(Answer::Fired(fired))
}

/// Creates the job of an occurrence, unless an earlier one is in its way.
async fn start<S: Session>(
    session: &mut S,
    (firing, job): (&Firing, &NewJob),
    active: &mut Vec<JobId>,
    fired: &mut Fired,
    answers: &mut Answers,
) -> Result<ScheduleRunWhat, StoreError> {
    match (firing.overlap, active.last()) {
        (Overlap::Skip, Some(earlier)) => return Ok(ScheduleRunWhat::Skipped(*earlier)),
        (Overlap::Replace, Some(_)) => stop(session, (std::mem::take(active), firing.at), fired, answers).await?,
        (Overlap::Queue | Overlap::Allow, _) | (_, None) => {}
    }
    if !jobs::insert(session, &[job], None, answers).await?.contains(&job.id) {
        if let Some(holder) = jobs::holder(session, job).await? {
            return Ok(ScheduleRunWhat::Skipped(holder));
        }
        return Ok(ScheduleRunWhat::Refused(format!("the module {} was removed this moment", job.module)));
    }
    active.push(job.id);
    Ok(ScheduleRunWhat::Started(job.id))
}

/// The jobs of the schedule that have not ended, as far as it matters.
async fn active_jobs<S: Session>(session: &mut S, firing: &Firing) -> Result<Vec<JobId>, StoreError> {
    let starts = firing.runs.iter().any(|run| matches!(run.what, NewRunWhat::Start(_)));
    if !starts || matches!(firing.overlap, Overlap::Queue | Overlap::Allow) {
        return Ok(Vec::new());
    }
    let rows = session.query(&sql::ACTIVE_OF_SCHEDULE, vec![firing.schedule.uuid().into()]).await?;
    rows.into_iter().map(|mut row: Row| row.uuid("job.id").map(JobId::from_uuid)).collect()
}

/// Asks jobs to stop; those that wait end at once.
async fn stop<S: Session>(
    session: &mut S,
    (active, at): (Vec<JobId>, Timestamp),
    fired: &mut Fired,
    answers: &mut Answers,
) -> Result<(), StoreError> {
    for (job, runs) in jobs::ask_to_stop(session, active.into_iter().map(|job| (job, at)).collect(), answers).await? {
        match runs {
            Some(claim) => fired.interrupted.push(claim),
            None => fired.stopped.push(job),
        }
    }
    // RETURNING has no order.
    fired.interrupted.sort_unstable_by_key(Claim::job);
    fired.stopped.sort_unstable();
    Ok(())
}

fn run_row(firing: &Firing, seq: u64, run: &NewRun, what: &ScheduleRunWhat) -> Vec<Value> {
    let (outcome, job, until, problem) = match what {
        ScheduleRunWhat::Started(job) => ("started", Some(job), None, None),
        ScheduleRunWhat::Skipped(job) => ("skipped", Some(job), None, None),
        ScheduleRunWhat::Missed { until } => ("missed", None, Some(*until), None),
        ScheduleRunWhat::Refused(problem) => ("refused", None, None, Some(problem.as_str())),
    };
    vec![
        firing.schedule.uuid().into(),
        seq.into(),
        run.scheduled_for.into(),
        firing.at.into(),
        i64::from(run.cause == RunCause::Hand).into(),
        outcome.into(),
        job.map(JobId::uuid).into(),
        until.into(),
        problem.into(),
    ]
}
