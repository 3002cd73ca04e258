//! The schedules of the model, and writes of them.

use std::collections::BTreeMap;
use std::time::Duration;

use fastrand::Rng;

use super::model::Model;
use super::random_writes::{Source, uuid};
use crate::domain::{
    CatchUp, Claim, JobId, JobSchedule, JobTemplate, NextRun, Overlap, RunCause, Schedule, ScheduleId, SchedulePlan,
    ScheduleRun, ScheduleRunWhat, Status,
};
use crate::store::{Answer, Fired, Firing, NewJob, NewRun, NewRunWhat, ScheduleWrite, Write};

/// Schedules, and what their occurrences came to.
#[derive(Debug, Default)]
pub(super) struct ModelSchedules {
    pub(super) all: BTreeMap<ScheduleId, (Schedule, Vec<ScheduleRun>)>,
}

impl ModelSchedules {
    fn has_name(&self, of: &Schedule) -> bool {
        self.all.values().any(|(other, _)| other.plan.name == of.plan.name && other.id != of.id)
    }

    pub(super) fn put(&mut self, put: &ScheduleWrite) -> Answer {
        let new = &put.schedule;
        let Some(seen) = put.seen else {
            if self.has_name(new) {
                return Answer::NameTaken;
            }
            let schedule = Schedule { revision: 1, last_run: None, created_at: new.updated_at, ..new.clone() };
            self.all.insert(new.id, (schedule, Vec::new()));
            return Answer::Done;
        };
        if self.has_name(new) {
            return Answer::NameTaken;
        }
        match self.all.get_mut(&new.id) {
            Some((old, _)) if old.revision == seen => {
                let (created_at, last_run) = (old.created_at, old.last_run.take());
                *old = Schedule { revision: seen + 1, created_at, last_run, ..new.clone() };
                Answer::Done
            }
            Some(_) | None => Answer::NotMatched,
        }
    }

    pub(super) fn remove(&mut self, id: ScheduleId) -> Answer {
        if self.all.remove(&id).is_some() { Answer::Done } else { Answer::NotMatched }
    }
}

impl Model {
    pub(super) fn fire(&mut self, firing: &Firing) -> Answer {
        let seen = self.schedules.all.get(&firing.schedule).map(|(schedule, _)| schedule.revision);
        if seen != Some(firing.revision) {
            return Answer::NotMatched;
        }
        let mut active: Vec<JobId> =
            self.jobs.values().filter(|job| job.is_active_of(firing.schedule)).map(|job| job.shown.id).collect();
        let mut fired = Fired::default();
        for NewRun { what, .. } in &firing.runs {
            let what = match what {
                NewRunWhat::Missed { until } => ScheduleRunWhat::Missed { until: *until },
                NewRunWhat::Refused(problem) => ScheduleRunWhat::Refused(problem.clone()),
                NewRunWhat::Start(job) => self.start(firing, job, &mut active, &mut fired),
            };
            fired.runs.push(what);
        }
        let (schedule, runs) = self.schedules.all.get_mut(&firing.schedule).expect("it was found");
        schedule.revision += 1;
        schedule.next = firing.next;
        for (run, what) in firing.runs.iter().zip(&fired.runs) {
            let seq = runs.len() as u64 + 1;
            let NewRun { scheduled_for, cause, .. } = *run;
            runs.push(ScheduleRun { seq, scheduled_for, at: firing.at, cause, what: what.clone() });
        }
        schedule.last_run = runs.last().cloned();
        Answer::Fired(fired)
    }

    fn start(&mut self, firing: &Firing, job: &NewJob, active: &mut Vec<JobId>, fired: &mut Fired) -> ScheduleRunWhat {
        if firing.overlap == Overlap::Skip
            && let Some(earlier) = active.last()
        {
            return ScheduleRunWhat::Skipped(*earlier);
        }
        if firing.overlap == Overlap::Replace {
            for id in active.drain(..) {
                match self.jobs.get_mut(&id).expect("it is active").request_stop(firing.at) {
                    Answer::Asked(Some(claim)) => fired.interrupted.push(claim),
                    _ => fired.stopped.push(id),
                }
            }
            fired.interrupted.sort_unstable_by_key(Claim::job);
            fired.stopped.sort_unstable();
        }
        match self.create(job) {
            Answer::Done => {
                active.push(job.id);
                ScheduleRunWhat::Started(job.id)
            }
            _ => ScheduleRunWhat::Refused(format!("the module {} was removed this moment", job.module)),
        }
    }
}

impl super::model_job::ModelJob {
    fn is_active_of(&self, schedule: ScheduleId) -> bool {
        let own = self.shown.schedule.as_ref().is_some_and(|by| by.id == schedule);
        own && matches!(self.status(), Status::Pending | Status::Running)
    }
}

impl Source<'_> {
    /// A write of a schedule: one of few, so that names meet; now and then of a state that is not the newest.
    pub(super) fn of_schedules(&self, rng: &mut Rng) -> Write {
        let known: Vec<&Schedule> = self.model.schedules.all.values().map(|(schedule, _)| schedule).collect();
        let Some(schedule) = rng.choice(&known).copied() else {
            return self.put_schedule(ScheduleId::from_uuid(uuid(rng)), None, rng);
        };
        let stale = u64::from(rng.u8(..) < 40);
        // One whose job runs is replaced more often than chance would have it.
        let runs = self.model.jobs.values().filter(|job| job.status() == Status::Running);
        let running = runs
            .filter_map(|job| job.shown.schedule.as_ref())
            .find_map(|by| self.model.schedules.all.get(&by.id).map(|(schedule, _)| schedule));
        if let Some(schedule) = running.filter(|_| rng.bool()) {
            return self.fire_schedule(schedule, (schedule.revision, Overlap::Replace), rng);
        }
        match rng.u8(0..10) {
            0 => Write::RemoveSchedule(if stale == 1 { ScheduleId::from_uuid(uuid(rng)) } else { schedule.id }),
            1 | 2 => self.put_schedule(ScheduleId::from_uuid(uuid(rng)), None, rng),
            3 | 4 => self.put_schedule(schedule.id, Some(schedule.revision - stale), rng),
            _ => self.fire_schedule(schedule, (schedule.revision - stale, schedule.plan.overlap), rng),
        }
    }

    fn fire_schedule(&self, schedule: &Schedule, (revision, overlap): (u64, Overlap), rng: &mut Rng) -> Write {
        Write::FireSchedule(Box::new(Firing {
            schedule: schedule.id,
            revision,
            next: self.next_run(rng).filter(|_| !schedule.plan.paused),
            overlap,
            runs: (0..rng.u8(0..=2)).map(|_| self.run_of(schedule, rng)).collect(),
            at: self.now,
        }))
    }

    fn run_of(&self, schedule: &Schedule, rng: &mut Rng) -> NewRun {
        let scheduled_for = self.now.before(Duration::from_millis(rng.u64(..9_000)));
        let what = match rng.u8(0..10) {
            0 => NewRunWhat::Missed { until: self.now },
            1 => NewRunWhat::Refused("too large".to_owned()),
            _ => {
                let name = schedule.plan.name.clone();
                let by = JobSchedule { id: schedule.id, name, scheduled_for };
                NewRunWhat::Start(Box::new(NewJob { key: None, schedule: Some(by), ..self.new_job(rng) }))
            }
        };
        let cause = if rng.bool() { RunCause::Pattern } else { RunCause::Hand };
        NewRun { scheduled_for, cause, what }
    }

    fn next_run(&self, rng: &mut Rng) -> Option<NextRun> {
        let scheduled_for = self.now.after(Duration::from_millis(rng.u64(..9_000)));
        rng.bool().then(|| NextRun { scheduled_for, fire_at: scheduled_for.after(Duration::from_millis(7)) })
    }

    fn put_schedule(&self, id: ScheduleId, seen: Option<u64>, rng: &mut Rng) -> Write {
        let paused = rng.bool();
        let plan = SchedulePlan {
            name: format!("schedule-{}", rng.u8(0..4)).parse().expect("a name"),
            cron: "@daily".to_owned(),
            time_zone: "UTC".to_owned(),
            job: JobTemplate {
                max_duration: rng.bool().then_some(Duration::from_secs(9)),
                max_attempts: rng.u32(1..4),
                ..JobTemplate::of(self.module.to_string().parse().expect("a module"))
            },
            jitter: Duration::from_millis(rng.u64(..9_000)),
            overlap: if rng.bool() { Overlap::Replace } else { Overlap::ALL[rng.usize(..Overlap::ALL.len())] },
            catch_up: CatchUp::default(),
            late_after: SchedulePlan::LATE_AFTER,
            paused,
        };
        let next = self.next_run(rng).filter(|_| !paused);
        let created_by = rng.bool().then(|| "ada".to_owned());
        let module_name = self.module.name.clone();
        let (revision, last_run) = (0, None);
        let schedule = Schedule {
            id,
            plan,
            module_name,
            next,
            revision,
            created_by,
            created_at: self.now,
            updated_at: self.now,
            last_run,
        };
        Write::PutSchedule(Box::new(ScheduleWrite { schedule, seen }))
    }
}
