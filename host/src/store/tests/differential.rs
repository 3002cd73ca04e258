//! Random sequences of writes go to both databases and to the model: answers and rows must agree.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use fastrand::Rng;

use super::harness::{Database, NOW, TestStore, finish_under, registration};
use super::model::Model;
use super::model_job::ModelJob;
use super::random_writes::{Source, uuid};
use crate::domain::{
    After, Claim, Conclusion, ErrorCode, JobId, JobState, ModuleLabel, NodeId, Progress, Reach, Results, ScheduleRef,
    ScheduleRunWhat, Status, Timestamp,
};
use crate::store::{Answer, Attempt, Gone, Write};

const SEQUENCES: u64 = 1_000;
/// In each sequence, after one node has come and before everything is removed.
const GROUPS: u32 = 14;

/// Both databases and the model.
struct Worlds {
    stores: [TestStore; 2],
    module: ModuleLabel,
    model: Model,
    attempts: Vec<Attempt>,
    now: Timestamp,
    met: BTreeMap<&'static str, u64>,
}

/// What random sequences have to lead to again and again, or they prove little.
const TO_BE_MET: [&str; 22] = [
    "done",
    "not matched",
    "wrong status",
    "stop of a pending job",
    "stop of a running job",
    "claim",
    "claim of nothing",
    "claim beside new jobs",
    "claim after a crash",
    "claim of a suspect",
    "crash loop",
    "known key",
    "taken key",
    "taken name",
    "fired",
    "skipped by a schedule",
    "replaced by a schedule while it waited",
    "replaced by a schedule while it ran",
    "lines removed",
    "results removed",
    "checkpoints removed",
    "jobs removed",
];

impl Worlds {
    async fn open() -> Self {
        let stores = [TestStore::open(Database::Sqlite).await, TestStore::open(Database::Postgres).await];
        // The model does not know the nodes that these come with.
        for test in &stores {
            test.done(Write::LeaveNode(test.node, NOW)).await;
            test.write(Write::Recover(Gone::Nobody, NOW)).await;
        }
        let module = stores[0].module.label();
        Self { model: Model::new(module.clone()), stores, module, attempts: Vec::new(), now: NOW, met: BTreeMap::new() }
    }

    /// Writes the same to all three, and compares the answers.
    async fn write(&mut self, group: impl Fn(&Self) -> Vec<Write>) {
        let told = format!("{:?}", group(self));
        let is_of_new = matches!(group(self).as_slice(), [Write::CreateJob(_), .., Write::Claim(_)]);
        let (before, places) = (self.states(), self.stores.each_ref().map(|test| test.store.changes().end()));
        let [sqlite, postgres] = &self.stores;
        let (sqlite, postgres) = tokio::join!(sqlite.write_together(group(self)), postgres.write_together(group(self)));
        let model: Vec<Answer> = group(self).iter().map(|write| self.model.apply(write)).collect();
        let expected = format!("{model:#?}");
        assert_eq!(format!("{sqlite:#?}"), expected, "SQLite and the model, after {told}");
        assert_eq!(format!("{postgres:#?}"), expected, "PostgreSQL and the model, after {told}");
        let after = self.states();
        let is_changed = |id: &JobId| before.get(id) != after.get(id);
        let changed: BTreeSet<JobId> = before.keys().chain(after.keys()).copied().filter(is_changed).collect();
        for (test, place) in self.stores.iter().zip(places) {
            let (told_of, _) = test.store.changes().after(place, usize::MAX).expect("a few changes are remembered");
            let untold: Vec<_> = changed.iter().filter(|id| !told_of.contains(id)).collect();
            assert!(untold.is_empty(), "nobody is told that {untold:?} changed, after {told}");
        }
        for answer in model {
            self.note(&answer);
            if is_of_new && matches!(&answer, Answer::Claimed(jobs) if !jobs.is_empty()) {
                *self.met.entry("claim beside new jobs").or_default() += 1;
            }
            if let Answer::Claimed(jobs) = answer {
                self.attempts.extend(jobs.iter().map(|job| job.attempt));
            }
        }
    }

    /// What those who watch jobs see of them.
    fn states(&self) -> BTreeMap<JobId, (Status, u32, Option<Progress>)> {
        let state = |job: &ModelJob| (job.status(), job.shown.attempt, job.shown.progress);
        self.model.jobs.iter().map(|(id, job)| (*id, state(job))).collect()
    }

    fn note(&mut self, answer: &Answer) {
        if let Answer::Pruned(pruned) = answer {
            let parts = [
                ("lines removed", pruned.logs),
                ("results removed", pruned.results),
                ("checkpoints removed", pruned.checkpoints),
                ("jobs removed", pruned.jobs.len() as u64),
            ];
            for (met, times) in parts {
                *self.met.entry(met).or_default() += times;
            }
            return;
        }
        let met = match answer {
            Answer::Done => "done",
            Answer::NotMatched => "not matched",
            Answer::Status(_) => "wrong status",
            Answer::Asked(None) => "stop of a pending job",
            Answer::Asked(Some(_)) => "stop of a running job",
            Answer::Claimed(jobs) if jobs.iter().any(|job| job.on_trial) => "claim of a suspect",
            Answer::Claimed(jobs) if jobs.iter().any(|job| job.after_crash) => "claim after a crash",
            Answer::Claimed(jobs) if jobs.is_empty() => "claim of nothing",
            Answer::Claimed(_) => "claim",
            Answer::Known(_) => "known key",
            Answer::KeyTaken => "taken key",
            Answer::NameTaken => "taken name",
            Answer::Fired(fired) if !fired.interrupted.is_empty() => "replaced by a schedule while it ran",
            Answer::Fired(fired) if !fired.stopped.is_empty() => "replaced by a schedule while it waited",
            Answer::Fired(fired) if fired.runs.iter().any(|run| matches!(run, ScheduleRunWhat::Skipped(_))) => {
                "skipped by a schedule"
            }
            Answer::Fired(_) => "fired",
            _ => return,
        };
        *self.met.entry(met).or_default() += 1;
    }

    /// Everything that can be read is what the model shows.
    async fn compare(&self) {
        for test in &self.stores {
            let store = &test.store;
            assert_eq!(store.job_counts(&Reach::All).await.expect("an answer"), self.model.counts());
            for node in self.model.up() {
                let mut stopping = store.stopping(node).await.expect("an answer");
                stopping.sort_by_key(Claim::job);
                assert_eq!(stopping, self.stopping(node));
            }
            for (id, (schedule, runs)) in &self.model.schedules.all {
                let shown = store.schedule(&ScheduleRef::Id(*id)).await.expect("an answer");
                assert_eq!(shown.as_ref(), Some(schedule));
                let mut page = store.schedule_runs(*id, None, 1_000).await.expect("an answer");
                page.runs.reverse();
                assert_eq!(&page.runs, runs);
            }
            for (id, job) in &self.model.jobs {
                assert_eq!(store.job(*id, self.now).await.expect("an answer"), Some(job.show(self.now)));
                let part = After { after: 0, limit: 1_000 };
                let page = store.logs(*id, part).await.expect("an answer").expect("the job is there");
                assert_eq!(page.lines, job.lines);
                let page = store.results(*id, part, Results::WithSuperseded).await.expect("an answer");
                assert_eq!(page.results, job.results());
                assert_eq!(store.checkpoint(*id).await.expect("an answer"), job.checkpoint);
            }
        }
    }

    fn stopping(&self, node: NodeId) -> Vec<Claim> {
        let asked = self.model.jobs.values().filter(|job| job.stop_asked && job.owner == Some(node));
        asked.filter_map(ModelJob::claim_now).collect()
    }

    /// Every job ends and goes.
    async fn clear(&mut self) {
        let looped = |job: &&ModelJob| matches!(&job.shown.state, JobState::Failed { error, .. } if error.code == ErrorCode::CrashLoop);
        *self.met.entry("crash loop").or_default() += self.model.jobs.values().filter(looped).count() as u64;
        let end = |job: &ModelJob, now| match job.claim_now() {
            Some(claim) => finish_under(claim, Conclusion::Completed),
            None => Write::RequestStop(job.shown.id, now),
        };
        self.write(|this| this.model.jobs.values().map(|job| end(job, this.now)).collect()).await;
        self.write(|this| this.model.jobs.keys().map(|id| Write::DeleteJob(*id)).collect()).await;
        self.write(|this| this.model.schedules.all.keys().map(|id| Write::RemoveSchedule(*id)).collect()).await;
        assert!(self.model.jobs.values().all(|job| job.status() == Status::Completed), "{:?}", self.model);
        self.attempts.clear();
    }
}

#[tokio::test]
async fn a_thousand_random_sequences_come_to_the_same_on_both_databases_and_in_the_model() {
    let mut worlds = Worlds::open().await;
    for seed in 0..SEQUENCES {
        println!("sequence {seed}");
        let mut rng = Rng::with_seed(seed);
        let node = NodeId::from_uuid(uuid(&mut rng));
        worlds.write(|this| vec![registration(node, None, this.now)]).await;
        worlds.write(|this| vec![Write::Recover(Gone::Others(node), this.now)]).await;
        let is_stormy = rng.u8(..) < 80;
        for _ in 0..GROUPS {
            worlds.now = worlds.now.after(Duration::from_millis(rng.u64(..2_000)));
            let seed = rng.u64(..);
            worlds
                .write(|this| {
                    let Worlds { model, module, attempts, now, .. } = this;
                    Source { model, module, attempts, now: *now, is_stormy }.group(&mut Rng::with_seed(seed))
                })
                .await;
            if worlds.model.up().is_empty() {
                let node = NodeId::from_uuid(uuid(&mut rng));
                worlds.write(|this| vec![registration(node, None, this.now)]).await;
            }
        }
        worlds.compare().await;
        worlds.clear().await;
    }
    println!("{:?}", worlds.met);
    for met in TO_BE_MET {
        assert!(worlds.met.get(met).is_some_and(|times| *times >= 10), "too seldom: {met}: {:?}", worlds.met);
    }
}
