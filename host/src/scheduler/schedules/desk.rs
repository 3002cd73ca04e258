//! What clients ask of schedules.

use std::time::Duration;

use super::error::ScheduleError;
use super::firing::{by_hand, hand_over, start_of};
use super::timetable::Timetable;
use crate::domain::{
    CatchUp, CatchUpPolicy, NextRun, Reach, RunCause, Schedule, ScheduleId, ScheduleName, SchedulePage, SchedulePlan,
    ScheduleRef, ScheduleRunPage, ScheduleRunWhat, Timestamp,
};
use crate::scheduler::shared::{Shared, whole_millis};
use crate::scheduler::{JobScheduler, StartError, StartJob};
use crate::store::{Answer, Firing, NewRun, ScheduleWrite, StoreError, Write};

/// Tries when others change the same schedule at the same time.
const TRIES: usize = 8;

/// Which end of a pause it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pause {
    /// From now on nothing is started.
    Begin,
    /// From now on jobs are started again.
    End,
}

impl JobScheduler {
    /// Makes a schedule. Its job is checked as if it were to start now. `by` is the name of the token that asks.
    pub async fn create_schedule(&self, plan: SchedulePlan, by: Option<String>) -> Result<Schedule, ScheduleError> {
        let (plan, timetable) = checked(plan)?;
        let module_name = self.module_of(&plan).await?;
        let (id, now) = (ScheduleId::new(), self.shared.clock.now());
        let next = next_of(&plan, &timetable, id, self.shared.time().await?)?;
        let schedule = Schedule {
            id,
            plan,
            module_name,
            next,
            revision: 1,
            created_by: by,
            created_at: now,
            updated_at: now,
            last_run: None,
        };
        match self.put(schedule.clone(), None).await? {
            Put::Done => Ok(schedule),
            Put::Changed => Err(ScheduleError::Busy),
        }
    }

    /// Gives a schedule another plan. An occurrence that has come is not lost by it while the pattern stays.
    pub async fn replace_schedule(
        &self,
        which: &ScheduleRef,
        plan: SchedulePlan,
        by: Option<String>,
    ) -> Result<Schedule, ScheduleError> {
        let (plan, timetable) = checked(plan)?;
        let module_name = self.module_of(&plan).await?;
        self.change(which, move |shared_now, schedule| {
            let former = std::mem::replace(&mut schedule.plan, plan.clone());
            let same = (&former.cron, &former.time_zone) == (&plan.cron, &plan.time_zone);
            schedule.next = match schedule.next.filter(|_| same && !plan.paused) {
                Some(next) => Some(Timetable::again(next, schedule.id, plan.jitter)),
                None => next_of(&plan, &timetable, schedule.id, shared_now)?,
            };
            schedule.module_name.clone_from(&module_name);
            schedule.created_by.clone_from(&by);
            Ok(true)
        })
        .await
    }

    /// Pauses a schedule, or lets it go on from now: what would have come meanwhile was not missed.
    pub async fn pause_schedule(&self, which: &ScheduleRef, pause: Pause) -> Result<Schedule, ScheduleError> {
        let paused = match pause {
            Pause::Begin => true,
            Pause::End => false,
        };
        self.change(which, |now, schedule| {
            if schedule.plan.paused == paused {
                return Ok(false);
            }
            schedule.plan.paused = paused;
            schedule.next = next_of(&schedule.plan, &Timetable::of(&schedule.plan)?, schedule.id, now)?;
            Ok(true)
        })
        .await
    }

    /// Removes a schedule with what its occurrences came to. The jobs that it has started stay, and run on.
    pub async fn remove_schedule(&self, which: &ScheduleRef) -> Result<(), ScheduleError> {
        let id = self.schedule(which).await?.ok_or_else(|| unknown(which))?.id;
        match self.shared.store.write(Write::RemoveSchedule(id)).await? {
            Answer::Done => Ok(()),
            _ => Err(unknown(which)),
        }
    }

    /// Starts the job of a schedule now, paused or not, and answers what it came to. Never skipped.
    pub async fn run_schedule(&self, which: &ScheduleRef) -> Result<ScheduleRunWhat, ScheduleError> {
        for _ in 0..TRIES {
            let schedule = self.schedule(which).await?.ok_or_else(|| unknown(which))?;
            let scheduled_for = self.shared.time().await?;
            let what = start_of(&self.shared, &schedule, scheduled_for).await?;
            let firing = Firing {
                schedule: schedule.id,
                revision: schedule.revision,
                next: schedule.next,
                overlap: by_hand(schedule.plan.overlap),
                runs: vec![NewRun { scheduled_for, cause: RunCause::Hand, what }],
                at: self.shared.clock.now(),
            };
            if let Some(mut fired) = hand_over(&self.shared, &schedule, firing).await? {
                return fired.runs.pop().ok_or(ScheduleError::Busy);
            }
        }
        Err(ScheduleError::Busy)
    }

    /// One schedule.
    pub async fn schedule(&self, which: &ScheduleRef) -> Result<Option<Schedule>, StoreError> {
        self.shared.store.schedule(which).await
    }

    /// Schedules by their name, from the one after `after`; of modules that are reached.
    pub async fn schedules(
        &self,
        reach: &Reach,
        after: Option<&ScheduleName>,
        limit: u32,
    ) -> Result<SchedulePage, StoreError> {
        self.shared.store.schedules(reach, after, limit).await
    }

    /// What occurrences of a schedule came to, newest first, from the one before `before`.
    pub async fn schedule_runs(
        &self,
        schedule: ScheduleId,
        before: Option<u64>,
        limit: u32,
    ) -> Result<ScheduleRunPage, StoreError> {
        self.shared.store.schedule_runs(schedule, before, limit).await
    }

    /// The next occurrences of a schedule, with their jitter; none while it is paused.
    pub fn next_runs(&self, schedule: &Schedule, count: usize) -> Result<Vec<NextRun>, ScheduleError> {
        let timetable = Timetable::of(&schedule.plan)?;
        let following = |run: &NextRun| timetable.next_after(run.scheduled_for, schedule.id, schedule.plan.jitter);
        Ok(std::iter::successors(schedule.next, following).take(count).collect())
    }

    /// When a pattern comes from now on.
    pub async fn preview(&self, cron: &str, time_zone: &str, count: usize) -> Result<Vec<Timestamp>, ScheduleError> {
        let timetable = Timetable::read(cron, time_zone)?;
        let first = timetable.after(self.shared.time().await?).ok_or_else(|| ScheduleError::Never(cron.to_owned()))?;
        Ok(std::iter::successors(Some(first), |time| timetable.after(*time)).take(count).collect())
    }

    /// The name of the module that a plan's job runs; the job is checked as if it were to start now.
    async fn module_of(&self, plan: &SchedulePlan) -> Result<String, StartError> {
        let (job, _) = self.shared.prepare(StartJob::of_template(plan.job.clone())).await?;
        Ok(job.module.name)
    }

    /// Changes a schedule as it is now; `edit` says whether there is anything to change.
    async fn change(
        &self,
        which: &ScheduleRef,
        edit: impl Fn(Timestamp, &mut Schedule) -> Result<bool, ScheduleError>,
    ) -> Result<Schedule, ScheduleError> {
        for _ in 0..TRIES {
            let mut schedule = self.schedule(which).await?.ok_or_else(|| unknown(which))?;
            if !edit(self.shared.time().await?, &mut schedule)? {
                return Ok(schedule);
            }
            let seen = schedule.revision;
            schedule.updated_at = self.shared.clock.now();
            schedule.revision += 1;
            match self.put(schedule.clone(), Some(seen)).await? {
                Put::Done => return Ok(schedule),
                Put::Changed => {}
            }
        }
        Err(ScheduleError::Busy)
    }

    async fn put(&self, schedule: Schedule, seen: Option<u64>) -> Result<Put, ScheduleError> {
        let name = schedule.plan.name.clone();
        match self.shared.store.write(Write::PutSchedule(Box::new(ScheduleWrite { schedule, seen }))).await? {
            Answer::Done => {
                self.shared.schedules_bell.notify_one();
                Ok(Put::Done)
            }
            Answer::NameTaken => Err(ScheduleError::NameTaken(name)),
            Answer::Count(schedules) => Err(ScheduleError::TooMany(schedules)),
            _ => Ok(Put::Changed),
        }
    }
}

/// What putting a schedule came to.
enum Put {
    Done,
    /// Somebody else has changed it meanwhile.
    Changed,
}

impl Shared {
    /// The time by which schedules fire: the database's where nodes share it.
    async fn time(&self) -> Result<Timestamp, StoreError> {
        if self.store.is_shared() { self.store.now().await } else { Ok(self.clock.now()) }
    }
}

fn unknown(which: &ScheduleRef) -> ScheduleError {
    ScheduleError::Unknown(which.clone())
}

/// The next occurrence of a plan after a time.
fn next_of(
    plan: &SchedulePlan,
    timetable: &Timetable,
    id: ScheduleId,
    now: Timestamp,
) -> Result<Option<NextRun>, ScheduleError> {
    if plan.paused {
        return Ok(None);
    }
    let never = || ScheduleError::Never(plan.cron.clone());
    timetable.next_after(now, id, plan.jitter).ok_or_else(never).map(Some)
}

/// A plan as it is stored, with its timetable.
fn checked(mut plan: SchedulePlan) -> Result<(SchedulePlan, Timetable), ScheduleError> {
    let timetable = Timetable::read(&plan.cron, &plan.time_zone)?;
    timetable.zone_name().clone_into(&mut plan.time_zone);
    let (least, most) = SchedulePlan::LATE_AFTER_RANGE;
    plan.late_after = span("late_after", plan.late_after, least, most)?;
    plan.jitter = span("jitter", plan.jitter, Duration::ZERO, SchedulePlan::JITTER_MAX)?;
    let CatchUp { policy, limit, max_age } = plan.catch_up;
    plan.catch_up.max_age = span("catch_up/max_age", max_age, least, CatchUp::MAX_AGE_MAX)?;
    if !(1..=CatchUp::LIMIT_MAX).contains(&limit) {
        return Err(ScheduleError::CatchUpLimit { asked: limit, most: CatchUp::LIMIT_MAX });
    }
    if policy == CatchUpPolicy::All && !plan.overlap.takes_several() {
        return Err(ScheduleError::AllAtOnce(plan.overlap));
    }
    if plan.job.queue.is_some() && plan.overlap.is_one_at_a_time() {
        return Err(ScheduleError::OwnQueue(plan.overlap));
    }
    Ok((plan, timetable))
}

fn span(field: &'static str, asked: Duration, least: Duration, most: Duration) -> Result<Duration, ScheduleError> {
    if asked < least || asked > most {
        return Err(ScheduleError::Span { field, asked, least, most });
    }
    Ok(whole_millis(asked))
}
