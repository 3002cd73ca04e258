//! Fires schedules when their time has come. Every node that shares a database tries; the one whose write finds the
//! schedule as it has seen it does it, and the others find it done.
//!
//! Where nodes share a database, its clock says what time it is, so that a node whose own clock is wrong neither fires too
//! early nor holds anybody up.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::sleep;

use super::due::{Due, due};
use super::timetable::Timetable;
use crate::domain::{
    JobQueue, JobSchedule, Overlap, RunCause, Schedule, ScheduleId, ScheduleRef, ScheduleRunWhat, Timestamp,
};
use crate::measured;
use crate::scheduler::shared::{Shared, within};
use crate::scheduler::{StartError, StartJob};
use crate::store::{Answer, Fired, Firing, NewJob, NewRun, NewRunWhat, StoreError, Write};

/// Schedules that are looked at together.
const AT_ONCE: u32 = 64;
/// The longest sleep while there is a schedule: clocks are set, and machines are suspended.
const NAP: Duration = Duration::from_secs(30);
/// How often nodes that share a database look for a schedule of which no hint came through.
const LOOK: Duration = Duration::from_secs(5);
/// Before another try when the database did not take it.
const AGAIN: Duration = Duration::from_secs(1);

/// Runs until the node drains.
pub(in crate::scheduler) async fn run(shared: Arc<Shared>) {
    let hint = shared.store.schedules_hint();
    loop {
        let pause = match fire_all(&shared).await {
            Ok(pause) => pause,
            Err(error) => {
                tracing::warn!(%error, "schedules could not be looked at");
                Some(AGAIN)
            }
        };
        let sleep = async {
            match pause {
                Some(pause) => sleep(pause).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = shared.draining.cancelled() => return,
            () = shared.schedules_bell.notified() => {}
            () = hint.notified() => {}
            () = sleep => {}
        }
    }
}

/// Fires all that are due. Answers when to look again; `None` while nothing can become due by itself.
async fn fire_all(shared: &Arc<Shared>) -> Result<Option<Duration>, StoreError> {
    loop {
        let next = shared.store.next_firings(AT_ONCE).await?;
        let is_shared = shared.store.is_shared();
        let now = |by_database: Timestamp| if is_shared { by_database } else { shared.clock.now() };
        let mut fired = 0;
        for (id, fire_at, by_database) in &next {
            if shared.draining.is_cancelled() {
                return Ok(None);
            }
            let now = now(*by_database);
            if *fire_at > now {
                break;
            }
            fire(shared, *id, now).await?;
            fired += 1;
        }
        if fired > 0 {
            continue;
        }
        let until = next.first().map(|(_, fire_at, by_database)| fire_at.since(now(*by_database)));
        let look = is_shared.then(|| within(LOOK));
        // A millisecond more, so that nobody wakes up just before.
        let nap = until.map(|until| NAP.min(until + Duration::from_millis(1)));
        return Ok([nap, look].into_iter().flatten().min());
    }
}

/// Fires what is due of one schedule, unless somebody else was quicker.
async fn fire(shared: &Arc<Shared>, id: ScheduleId, now: Timestamp) -> Result<(), StoreError> {
    let Some(schedule) = shared.store.schedule(&ScheduleRef::Id(id)).await? else { return Ok(()) };
    let Some(first) = schedule.next.filter(|next| next.fire_at <= now) else { return Ok(()) };
    let run = |scheduled_for: Timestamp, what: NewRunWhat| NewRun { scheduled_for, cause: RunCause::Pattern, what };
    let (runs, next) = match Timetable::of(&schedule.plan) {
        Ok(timetable) => {
            let Due { missed, occurrences, next } = due(&schedule, &timetable, first, now);
            let mut runs = Vec::with_capacity(occurrences.len() + 1);
            runs.extend(missed.map(|(first, until)| run(first, NewRunWhat::Missed { until })));
            for scheduled_for in occurrences {
                runs.push(run(scheduled_for, start_of(shared, &schedule, scheduled_for).await?));
            }
            (runs, next)
        }
        // The database of time zones of this node has the zone no more. It fires no more until it is put again.
        Err(error) => (vec![run(first.scheduled_for, NewRunWhat::Refused(error.to_string()))], None),
    };
    let overlap = schedule.plan.overlap;
    let firing = Firing { schedule: id, revision: schedule.revision, next, overlap, runs, at: shared.clock.now() };
    hand_over(shared, &schedule, firing).await.map(drop)
}

/// What is to happen at an occurrence, as far as it is known before: the job, or why it is refused.
pub(super) async fn start_of(
    shared: &Arc<Shared>,
    schedule: &Schedule,
    scheduled_for: Timestamp,
) -> Result<NewRunWhat, StoreError> {
    match new_job(shared, schedule, scheduled_for).await {
        Ok(job) => Ok(NewRunWhat::Start(Box::new(job))),
        Err(StartError::Store(error)) => Err(error),
        Err(StartError::Violations(violations)) => {
            let shown = violations.iter().map(|violation| format!("`{}`: {}", violation.pointer, violation.message));
            let shown = shown.collect::<Vec<_>>().join("; ");
            Ok(NewRunWhat::Refused(format!("inputs or settings do not satisfy the schema of the module: {shown}")))
        }
        Err(refusal) => Ok(NewRunWhat::Refused(refusal.to_string())),
    }
}

async fn new_job(shared: &Shared, schedule: &Schedule, scheduled_for: Timestamp) -> Result<NewJob, StartError> {
    let (mut job, _) = shared.prepare(StartJob::of_template(schedule.plan.job.clone())).await?;
    // A name can mean other bytes by now, never another module.
    if job.module.name != schedule.module_name {
        return Err(StartError::UnknownModule(schedule.plan.job.module.clone()));
    }
    if schedule.plan.overlap.is_one_at_a_time() {
        job.queue = Some(JobQueue::of_schedule(schedule.id));
    }
    job.schedule = Some(JobSchedule { id: schedule.id, name: schedule.plan.name.clone(), scheduled_for });
    Ok(job)
}

/// Writes a firing and tells whoever is concerned. `None` when the schedule is not as it was seen any more.
pub(super) async fn hand_over(
    shared: &Arc<Shared>,
    schedule: &Schedule,
    firing: Firing,
) -> Result<Option<Fired>, StoreError> {
    let Answer::Fired(fired) = shared.store.write(Write::FireSchedule(Box::new(firing))).await? else {
        return Ok(None);
    };
    for claim in &fired.interrupted {
        if shared.membership.holds(claim.node()) {
            shared.attempts.request_stop(*claim);
        }
    }
    fired.stopped.iter().for_each(|job| shared.feeds.ring(*job));
    let name = &schedule.plan.name;
    for run in &fired.runs {
        let outcome = match run {
            ScheduleRunWhat::Started(job) => {
                tracing::debug!(schedule = %name, %job, "a schedule started a job");
                measured::JOBS_CREATED.add_of(&schedule.module_name, 1);
                "started"
            }
            ScheduleRunWhat::Skipped(_) => "skipped",
            ScheduleRunWhat::Missed { .. } => "missed",
            ScheduleRunWhat::Refused(problem) => {
                tracing::warn!(schedule = %name, problem, "a schedule could not start its job");
                "refused"
            }
        };
        measured::SCHEDULE_RUNS.add_with(&schedule.module_name, "outcome", outcome, 1);
    }
    shared.bell.notify_one();
    Ok(Some(fired))
}

/// What a run by hand does while an earlier job has not ended: whoever asks means it.
pub(super) const fn by_hand(overlap: Overlap) -> Overlap {
    match overlap {
        Overlap::Skip => Overlap::Allow,
        Overlap::Queue | Overlap::Replace | Overlap::Allow => overlap,
    }
}
