//! Each rule, with a clock that moves when it is told to.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;

use super::Sweeper;
use super::sweep::Sweep;
use crate::domain::{
    Ages, Clock as _, Conclusion, DatabaseLimit, Digest, ErrorCode, Grants, JobError, JobId, JsonObject, Labels,
    ManualClock, Module, ModuleInfo, NodeId, Priority, Provenance, RetentionRules, RetryPolicy, RunUsage, StopReason,
    Stopped, Timestamp,
};
use crate::store::{
    Answer, ClaimRequest, Finish, Location, LogChunk, ModuleWrite, NewCheckpoint, NewJob, NewNode, NewResult, Store,
    Write,
};

const DAY: Duration = Duration::from_hours(24);
/// What each job logs, saves and saves as its checkpoint.
const KIB: usize = 1_024;

/// A database with a clock.
struct World {
    store: Store,
    clock: Arc<ManualClock>,
    node: NodeId,
    _folder: tempfile::TempDir,
}

fn module(name: &str, byte: u8) -> Module {
    let info = ModuleInfo {
        name: name.to_owned(),
        version: semver::Version::new(1, 0, 0),
        description: String::new(),
        inputs_schema: serde_json::json!({}),
        settings_schema: serde_json::json!({}),
    };
    let (grants, provenance, created_at) = (Grants::default(), Provenance::default(), Timestamp::from_millis(0));
    Module {
        info,
        digest: Digest::from_bytes([byte; 32]),
        size_bytes: 1,
        imports: vec![],
        grants,
        created_at,
        provenance,
    }
}

impl World {
    #[expect(clippy::disallowed_methods, reason = "the writer of a test ends with its runtime")]
    async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let (store, writer) = Store::open(folder.path(), Location::Folder).await.expect("a database");
        tokio::spawn(writer.run());
        let clock = Arc::new(ManualClock::new(Timestamp::from_millis(1_700_000_000_000)));
        let world = Self { store, clock, node: NodeId::new(), _folder: folder };
        let (id, at) = (world.node, world.clock.now());
        world.write(Write::RegisterNode(NewNode { id, version: "0", slots: 8, lease: None, at })).await;
        for (name, byte) in [("usual", 1), ("other", 2)] {
            let (module, bytes) = (module(name, byte), Bytes::from_static(b"a"));
            world.write(Write::PutModule(Box::new(ModuleWrite { module, bytes, replace: false }))).await;
        }
        world
    }

    async fn write(&self, write: Write) -> Answer {
        self.store.write(write).await.expect("the database takes it")
    }

    /// A job of this module that ends now, with a log, a result and a checkpoint of so many bytes each.
    async fn ends(&self, module: Module, conclusion: Conclusion, bytes: usize) -> JobId {
        let (id, at) = (JobId::new(), self.clock.now());
        self.write(Write::CreateJob(Box::new(NewJob {
            id,
            module: module.label(),
            inputs: JsonObject::empty(),
            settings: JsonObject::empty(),
            checkpoint: None,
            max_duration: None,
            stop_grace: Duration::ZERO,
            retry: RetryPolicy::NEVER,
            run_after: None,
            priority: Priority::default(),
            labels: Labels::default(),
            key: None,
            schedule: None,
            queue: None,
            unique_key: None,
            at,
        })))
        .await;
        let claim = ClaimRequest { node: self.node, limit: 1, suspects: 0, limited_first: false, at };
        let Answer::Claimed(claimed) = self.write(Write::Claim(claim)).await else { panic!("a claim") };
        let attempt = claimed[0].attempt;
        let text = "x".repeat(bytes);
        let line = serde_json::json!([[at.millis(), "info", "guest", false, text]]).to_string();
        let data = JsonObject::parse(format!(r#"{{"x": "{text}"}}"#)).expect("an object");
        let (usage, message_bytes) = (RunUsage::default(), bytes as u64);
        self.write(Write::AppendLogs(LogChunk { attempt, first_seq: 1, last_seq: 1, lines: line, message_bytes }))
            .await;
        self.write(Write::SaveResult(NewResult { attempt, seq: 1, at, data: data.clone() })).await;
        let saved = NewCheckpoint { attempt, log_seq: 1, result_seq: 1, at, data, usage };
        self.write(Write::SaveCheckpoint(saved)).await;
        let (claim, run_time) = (attempt.claim, Duration::ZERO);
        self.write(Write::Finish(Box::new(Finish { claim, conclusion, counted: true, run_time, usage, at }))).await;
        id
    }

    async fn completes(&self) -> JobId {
        self.ends(module("usual", 1), Conclusion::Completed, KIB).await
    }

    fn sweeper(&self, rules: RetentionRules) -> Sweeper {
        Sweeper::new(self.store.clone(), Arc::clone(&self.clock) as _, Arc::new(rules))
    }

    async fn sweep(&self, rules: RetentionRules) {
        self.sweeper(rules).sweep(self.node, Sweep::All).await.expect("the database answers");
    }

    /// Which of these are there still.
    async fn left(&self, jobs: &[JobId]) -> Vec<bool> {
        let mut left = Vec::new();
        for job in jobs {
            left.push(self.store.job(*job, self.clock.now()).await.expect("an answer").is_some());
        }
        left
    }

    /// Whether lines, results and a checkpoint of a job are there.
    async fn has(&self, job: JobId) -> [bool; 3] {
        let removed = self.store.job(job, self.clock.now()).await.expect("an answer").expect("it is there").removed;
        [removed.logs_to == 0, removed.results_to == 0, removed.checkpoint_at.is_none()]
    }
}

fn failed() -> Conclusion {
    Conclusion::Failed(JobError { code: ErrorCode::Trap, message: String::new(), backtrace: None })
}

/// No rule at all.
fn none() -> RetentionRules {
    let ages = Ages { completed: None, failed: None, stopped: None, logs: None, checkpoints: None };
    RetentionRules { ages, jobs: None, database: DatabaseLimit::Unlimited, ..RetentionRules::default() }
}

#[tokio::test]
async fn each_status_goes_at_its_age_and_not_before() {
    let world = World::new().await;
    let stopped = Conclusion::Stopped(Stopped { reason: StopReason::Requested, forced: false });
    let usual = || module("usual", 1);
    let jobs = [
        world.ends(usual(), Conclusion::Completed, KIB).await,
        world.ends(usual(), failed(), KIB).await,
        world.ends(usual(), stopped, KIB).await,
    ];
    world.clock.advance(29 * DAY + Duration::from_secs(24 * 60 * 60 - 1));
    world.sweep(RetentionRules::default()).await;
    assert_eq!(world.left(&jobs).await, [true, true, true]);
    assert_eq!(world.has(jobs[0]).await, [true, true, true]);
    world.clock.advance(Duration::from_secs(1));
    world.sweep(RetentionRules::default()).await;
    assert_eq!(world.left(&jobs).await, [false, true, true]);
    assert_eq!(world.has(jobs[1]).await, [false, true, true], "its log goes, and the rest stays");
    world.clock.advance(60 * DAY);
    world.sweep(RetentionRules::default()).await;
    assert_eq!(world.left(&jobs).await, [false, false, false]);
    let record = world.store.retention_record().await.expect("an answer");
    assert_eq!((record.jobs, record.logs, record.last.map(|last| last.1)), (3, 2, Some("age".to_owned())));
}

#[tokio::test]
async fn logs_and_checkpoints_may_go_before_the_job() {
    let world = World::new().await;
    let job = world.completes().await;
    let ages = Ages { logs: Some(DAY), checkpoints: Some(2 * DAY), ..Ages::default() };
    let rules = || RetentionRules { ages, ..RetentionRules::default() };
    // One sweeper all the time: what it remembers must not make it blind.
    let mut sweeper = world.sweeper(rules());
    for expected in [[true, true, true], [false, true, true], [false, true, false]] {
        sweeper.sweep(world.node, Sweep::All).await.expect("the database answers");
        assert_eq!(world.has(job).await, expected);
        world.clock.advance(DAY);
    }
    let later = world.completes().await;
    world.clock.advance(DAY);
    sweeper.sweep(world.node, Sweep::All).await.expect("the database answers");
    assert_eq!(world.has(later).await, [false, true, true]);
}

#[tokio::test]
async fn a_module_may_have_ages_of_its_own() {
    let world = World::new().await;
    let usual = world.completes().await;
    let other = world.ends(module("other", 2), Conclusion::Completed, KIB).await;
    let rules =
        |text: &str| RetentionRules { modules: vec![text.parse().expect("rules")], ..RetentionRules::default() };
    world.clock.advance(2 * DAY);
    world.sweep(rules("other completed=1d")).await;
    assert_eq!(world.left(&[usual, other]).await, [true, false]);
    let other = world.ends(module("other", 2), Conclusion::Completed, KIB).await;
    world.clock.advance(40 * DAY);
    world.sweep(rules("other completed=none logs=none")).await;
    assert_eq!(world.left(&[usual, other]).await, [false, true]);
    assert_eq!(world.has(other).await, [true, true, true]);
}

#[tokio::test]
async fn of_too_many_jobs_the_oldest_go() {
    let world = World::new().await;
    let mut jobs = Vec::new();
    for number in 0..6 {
        let conclusion = if number % 2 == 0 { Conclusion::Completed } else { failed() };
        jobs.push(world.ends(module("usual", 1), conclusion, KIB).await);
        world.clock.advance(Duration::from_secs(1));
    }
    let other = world.ends(module("other", 2), Conclusion::Completed, KIB).await;
    world.write(Write::KeepJob { job: jobs[0], keep: true }).await;
    world.sweep(RetentionRules { jobs: Some(4), ..none() }).await;
    assert_eq!(world.left(&jobs).await, [true, false, false, true, true, true], "a kept one does not count");
    world.sweep(RetentionRules { module_jobs: Some(2), ..none() }).await;
    assert_eq!(world.left(&jobs).await, [true, false, false, false, true, true]);
    let modules = vec!["usual jobs=1".parse().expect("rules")];
    world.sweep(RetentionRules { module_jobs: Some(2), modules, ..none() }).await;
    assert_eq!(world.left(&jobs).await, [true, false, false, false, false, true]);
    assert_eq!(world.left(&[other]).await, [true]);
}

#[tokio::test]
async fn too_many_bytes_take_the_logs_of_the_oldest_first_then_checkpoints_then_jobs() {
    let world = World::new().await;
    let mut jobs = Vec::new();
    for _ in 0..40 {
        jobs.push(world.ends(module("usual", 1), failed(), 256 * KIB).await);
        world.clock.advance(Duration::from_mins(1));
    }
    let used = world.store.database_use().await.expect("an answer").used_bytes;
    assert!(used > 28 << 20, "{used}");
    world.sweep(RetentionRules { database: DatabaseLimit::Bytes(used), ..none() }).await;
    let kinds = |has: &[[bool; 3]]| {
        let count = |part: usize| has.iter().filter(|parts| parts[part]).count();
        [count(0), count(1), count(2)]
    };
    let all = async || {
        let mut has = Vec::new();
        for job in &jobs {
            has.push(world.has(*job).await);
        }
        has
    };
    let has = all().await;
    let [logs, results, checkpoints] = kinds(&has);
    assert!((10..40).contains(&logs) && results == 40 && checkpoints == 40, "{:?}", kinds(&has));
    assert!(has.iter().skip_while(|parts| !parts[0]).all(|parts| parts[0]), "the oldest first");
    world.sweep(RetentionRules { database: DatabaseLimit::Bytes(used / 2), ..none() }).await;
    let used = world.store.database_use().await.expect("an answer");
    assert!(used.used_bytes + used.free_bytes <= 16 << 20, "the file gets smaller: {used:?}");
    let left = world.left(&jobs).await;
    assert!(left.iter().skip_while(|is_left| !**is_left).all(|is_left| *is_left), "the oldest first: {left:?}");
}

#[tokio::test]
async fn what_is_too_much_and_has_not_ended_stays() {
    let world = World::new().await;
    let kept = world.ends(module("usual", 1), failed(), 512 * KIB).await;
    world.write(Write::KeepJob { job: kept, keep: true }).await;
    world.sweep(RetentionRules { database: DatabaseLimit::Bytes(1 << 20), ..none() }).await;
    assert_eq!(world.has(kept).await, [true, true, true]);
}
