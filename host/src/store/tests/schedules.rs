//! Schedules: an occurrence is one write, whoever hands it over.

use std::time::Duration;

use super::harness::{Database, NOW, TestStore, finish, on_each_database};
use crate::domain::{
    CatchUp, Conclusion, Digest, JobFilter, JobId, JobSchedule, JobTemplate, NextRun, Overlap, Reach, RunCause,
    Schedule, ScheduleId, SchedulePlan, ScheduleRef, ScheduleRunWhat, Status,
};
use crate::store::{Answer, Fired, Firing, NewJob, NewRun, NewRunWhat, ScheduleWrite, Write};

const NEXT: NextRun = NextRun { scheduled_for: NOW, fire_at: NOW };

impl TestStore {
    fn plan(&self, name: &str, overlap: Overlap) -> SchedulePlan {
        SchedulePlan {
            name: name.parse().expect("a name"),
            cron: "@hourly".to_owned(),
            time_zone: "UTC".to_owned(),
            job: JobTemplate::of(self.module.info.name.parse().expect("a module")),
            jitter: Duration::ZERO,
            overlap,
            catch_up: CatchUp::default(),
            late_after: SchedulePlan::LATE_AFTER,
            paused: false,
        }
    }

    fn schedule(&self, name: &str, overlap: Overlap) -> Schedule {
        Schedule {
            id: ScheduleId::new(),
            plan: self.plan(name, overlap),
            module_name: self.module.info.name.clone(),
            next: Some(NEXT),
            revision: 1,
            created_by: None,
            created_at: NOW,
            updated_at: NOW,
            last_run: None,
        }
    }

    async fn put(&self, schedule: &Schedule, seen: Option<u64>) -> Answer {
        self.write(Write::PutSchedule(Box::new(ScheduleWrite { schedule: schedule.clone(), seen }))).await
    }

    pub(super) async fn scheduled(&self, name: &str, overlap: Overlap) -> Schedule {
        let schedule = self.schedule(name, overlap);
        assert!(matches!(self.put(&schedule, None).await, Answer::Done));
        schedule
    }

    async fn read(&self, id: ScheduleId) -> Schedule {
        let found = self.store.schedule(&ScheduleRef::Id(id)).await.expect("an answer");
        found.expect("the schedule is there")
    }

    fn start_of(&self, schedule: &Schedule) -> NewJob {
        let by = JobSchedule { id: schedule.id, name: schedule.plan.name.clone(), scheduled_for: NOW };
        NewJob { schedule: Some(by), ..Self::new_job(self.module.label()) }
    }

    fn firing(&self, schedule: &Schedule, revision: u64, count: usize) -> Firing {
        let start = || NewRun {
            scheduled_for: NOW,
            cause: RunCause::Pattern,
            what: NewRunWhat::Start(Box::new(self.start_of(schedule))),
        };
        Firing {
            schedule: schedule.id,
            revision,
            next: Some(NEXT),
            overlap: schedule.plan.overlap,
            runs: (0..count).map(|_| start()).collect(),
            at: NOW,
        }
    }

    async fn fire(&self, firing: Firing) -> Option<Fired> {
        match self.write(Write::FireSchedule(Box::new(firing))).await {
            Answer::Fired(fired) => Some(fired),
            Answer::NotMatched => None,
            other => panic!("a firing came to {other:?}"),
        }
    }

    /// The schedule as it is fires once.
    pub(super) async fn fire_once(&self, schedule: &Schedule) -> Fired {
        let revision = self.read(schedule.id).await.revision;
        self.fire(self.firing(schedule, revision, 1)).await.expect("it is as it was seen")
    }

    async fn jobs_of(&self, schedule: ScheduleId) -> Vec<JobId> {
        let filter = JobFilter { schedule: Some(schedule), limit: 100, ..JobFilter::default() };
        let page = self.store.jobs(&filter, NOW).await.expect("an answer");
        page.jobs.into_iter().map(|job| job.id).collect()
    }
}

pub(super) fn started(fired: &Fired) -> JobId {
    match fired.runs[..] {
        [ScheduleRunWhat::Started(job)] => job,
        ref other => panic!("{other:?}"),
    }
}

async fn of_many_that_fire_an_occurrence_one_does(database: Database) {
    let test = TestStore::open(database).await;
    let schedule = test.scheduled("nightly", Overlap::Allow).await;
    let tries = (0..16).map(|_| test.fire(test.firing(&schedule, 1, 1)));
    let fired: Vec<Fired> = futures_util::future::join_all(tries).await.into_iter().flatten().collect();
    assert_eq!(fired.len(), 1);
    let job = started(&fired[0]);
    assert_eq!(test.jobs_of(schedule.id).await, [job]);
    let by = test.job(job).await.schedule.expect("a schedule started it");
    assert_eq!((by.id, by.name, by.scheduled_for), (schedule.id, schedule.plan.name.clone(), NOW));
    let after = test.read(schedule.id).await;
    assert_eq!(after.revision, 2);
    assert_eq!(after.last_run.map(|run| run.what), Some(ScheduleRunWhat::Started(job)));
    assert!(test.fire(test.firing(&schedule, 1, 1)).await.is_none(), "its state is another one now");
    assert_eq!(test.claim().await.attempt.claim.job(), job);
}

async fn while_an_earlier_job_has_not_ended_the_policy_decides(database: Database) {
    let test = TestStore::open(database).await;
    let [skip, _, replace, allow] = Overlap::ALL;
    let schedule = test.scheduled("skip", skip).await;
    let first = started(&test.fire_once(&schedule).await);
    assert_eq!(test.fire_once(&schedule).await.runs, [ScheduleRunWhat::Skipped(first)]);
    let claimed = test.claim().await;
    assert_eq!(test.fire_once(&schedule).await.runs, [ScheduleRunWhat::Skipped(first)]);
    test.write(finish(&claimed, Conclusion::Completed)).await;
    assert_ne!(started(&test.fire_once(&schedule).await), first);
    test.claim().await;

    let schedule = test.scheduled("replace", replace).await;
    let waiting = started(&test.fire_once(&schedule).await);
    let fired = test.fire_once(&schedule).await;
    assert_eq!((fired.stopped.as_slice(), fired.interrupted.len()), ([waiting].as_slice(), 0));
    assert_eq!(test.status(waiting).await, Status::Stopped);
    let running = started(&fired);
    let claim = test.claim().await.attempt.claim;
    let fired = test.fire_once(&schedule).await;
    assert_eq!((fired.stopped.len(), fired.interrupted.as_slice()), (0, [claim].as_slice()));
    assert_eq!(test.status(running).await, Status::Running, "it has its grace");
    assert_eq!(test.store.stopping(test.node).await.expect("an answer"), [claim]);
    test.claim().await;

    let schedule = test.scheduled("allow", allow).await;
    let [first, second] = [started(&test.fire_once(&schedule).await), started(&test.fire_once(&schedule).await)];
    assert_eq!(test.jobs_of(schedule.id).await, [second, first], "newest first");
    assert_eq!(test.claim_all().await.len(), 2);
}

async fn several_that_come_together_are_written_together(database: Database) {
    let test = TestStore::open(database).await;
    let schedule = test.scheduled("skip", Overlap::Skip).await;
    let fired = test.fire(test.firing(&schedule, 1, 3)).await.expect("it is as it was seen");
    assert!(
        matches!(fired.runs[..], [ScheduleRunWhat::Started(one), ScheduleRunWhat::Skipped(two), ScheduleRunWhat::Skipped(three)] if one == two && one == three),
        "{fired:?}"
    );
    let page = test.store.schedule_runs(schedule.id, None, 2).await.expect("an answer");
    assert_eq!((page.runs.iter().map(|run| run.seq).collect::<Vec<_>>(), page.next), (vec![3, 2], Some(2)));
    let page = test.store.schedule_runs(schedule.id, page.next, 2).await.expect("an answer");
    assert_eq!((page.runs.len(), page.next), (1, None));
}

async fn a_job_whose_module_is_gone_is_refused_and_the_schedule_goes_on(database: Database) {
    let test = TestStore::open(database).await;
    let schedule = test.scheduled("nightly", Overlap::Skip).await;
    let mut firing = test.firing(&schedule, 1, 1);
    let mut job = test.start_of(&schedule);
    job.module.digest = Digest::from_bytes([9; 32]);
    firing.runs[0].what = NewRunWhat::Start(Box::new(job));
    let fired = test.fire(firing).await.expect("it is as it was seen");
    assert!(
        matches!(&fired.runs[..], [ScheduleRunWhat::Refused(problem)] if problem.contains("counter@1.0.0")),
        "{fired:?}"
    );
    assert!(test.jobs_of(schedule.id).await.is_empty());
    started(&test.fire_once(&schedule).await);
}

async fn a_name_is_anothers_and_a_change_needs_what_it_saw(database: Database) {
    let test = TestStore::open(database).await;
    let (one, mut two) = (test.scheduled("one", Overlap::Skip).await, test.scheduled("two", Overlap::Skip).await);
    assert!(matches!(test.put(&test.schedule("one", Overlap::Skip), None).await, Answer::NameTaken));
    two.plan.name = one.plan.name.clone();
    assert!(matches!(test.put(&two, Some(1)).await, Answer::NameTaken));
    two.plan.name = "three".parse().expect("a name");
    two.next = None;
    two.plan.paused = true;
    assert!(matches!(test.put(&two, Some(7)).await, Answer::NotMatched));
    assert!(matches!(test.put(&two, Some(1)).await, Answer::Done));
    let shown = test.read(two.id).await;
    assert_eq!((shown.revision, shown.next, &shown.plan), (2, None, &two.plan));
    let next = test.store.next_firings(10).await.expect("an answer");
    assert_eq!(next.iter().map(|(id, at, _)| (*id, *at)).collect::<Vec<_>>(), [(one.id, NOW)], "the other is paused");
    let names = |page: crate::domain::SchedulePage| page.schedules.into_iter().map(|one| one.id).collect::<Vec<_>>();
    let page = test.store.schedules(&Reach::All, None, 1).await.expect("an answer");
    assert_eq!((page.next.clone(), names(page)), (Some(one.plan.name.clone()), vec![one.id]));
    let page = test.store.schedules(&Reach::All, Some(&one.plan.name), 1).await.expect("an answer");
    assert_eq!((page.next.clone(), names(page)), (None, vec![two.id]));
    let others = Reach::of(["other".to_owned()]);
    assert!(test.store.schedules(&others, None, 9).await.expect("an answer").schedules.is_empty());
}

async fn a_removed_schedule_leaves_its_jobs_and_only_so_many_occurrences_are_kept(database: Database) {
    let test = TestStore::open(database).await;
    let schedule = test.scheduled("nightly", Overlap::Skip).await;
    test.fire(test.firing(&schedule, 1, 150)).await.expect("it is as it was seen");
    let job = test.jobs_of(schedule.id).await[0];
    test.fire(test.firing(&schedule, 2, 150)).await.expect("it is as it was seen");
    let page = test.store.schedule_runs(schedule.id, None, 1_000).await.expect("an answer");
    assert_eq!((page.runs.len(), page.runs[0].seq, page.next), (200, 300, None));
    test.done(Write::RemoveSchedule(schedule.id)).await;
    assert!(matches!(test.write(Write::RemoveSchedule(schedule.id)).await, Answer::NotMatched));
    assert!(test.store.schedule_runs(schedule.id, None, 1).await.expect("an answer").runs.is_empty());
    assert!(test.fire(test.firing(&schedule, 3, 1)).await.is_none());
    assert_eq!(test.job(job).await.schedule.map(|by| by.id), Some(schedule.id));
    assert_eq!(test.jobs_of(schedule.id).await, [job]);
}

on_each_database!(
    of_many_that_fire_an_occurrence_one_does,
    while_an_earlier_job_has_not_ended_the_policy_decides,
    several_that_come_together_are_written_together,
    a_job_whose_module_is_gone_is_refused_and_the_schedule_goes_on,
    a_name_is_anothers_and_a_change_needs_what_it_saw,
    a_removed_schedule_leaves_its_jobs_and_only_so_many_occurrences_are_kept,
);
