//! A database of its own for each test, and short words for common writes.

use std::time::Duration;

use bytes::Bytes;
use cofferdam_test_postgres::Cluster;
use tokio::sync::oneshot;

use crate::domain::{
    Claim, Conclusion, Digest, Grants, HttpUsage, Job, JobId, JsonObject, Labels, Module, ModuleInfo, ModuleLabel,
    NodeId, Priority, Provenance, RetryPolicy, RunUsage, Status, Timestamp,
};
use crate::store::{
    Answer, Attempt, ClaimRequest, ClaimedJob, EventBodies, Finish, Location, LogChunk, ModuleWrite, NewCheckpoint,
    NewJob, NewNode, NewResult, OnCommit, Store, Write,
};

pub(super) const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_000);

/// On which database a test runs.
#[derive(Debug, Clone, Copy)]
pub(super) enum Database {
    Sqlite,
    Postgres,
}

/// Makes a test on each database out of each function.
macro_rules! on_each_database {
    ($($test:ident,)*) => {
        mod sqlite {
            $(#[tokio::test]
            async fn $test() {
                super::$test(super::Database::Sqlite).await;
            })*
        }

        mod postgres {
            $(#[tokio::test]
            async fn $test() {
                super::$test(super::Database::Postgres).await;
            })*
        }
    };
}
pub(super) use on_each_database;

pub(super) struct TestStore {
    pub(super) store: Store,
    pub(super) node: NodeId,
    pub(super) module: Module,
    folder: tempfile::TempDir,
}

pub(super) fn ids(jobs: &[ClaimedJob]) -> Vec<JobId> {
    jobs.iter().map(|job| job.attempt.claim.job()).collect()
}

pub(super) fn object(text: &str) -> JsonObject {
    JsonObject::parse(text).expect("a JSON object")
}

impl TestStore {
    #[expect(clippy::disallowed_methods, reason = "the writer of a test ends with its runtime")]
    pub(super) async fn open(database: Database) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let url = match database {
            Database::Sqlite => None,
            Database::Postgres => Some(Cluster::shared().create_database()),
        };
        let location = url.as_deref().map_or(Location::Folder, Location::Postgres);
        let (store, writer) = Store::open(folder.path(), location).await.expect("a database");
        let bodies = EventBodies::by(|job, kind| format!("{} {}", kind.as_str(), job.id));
        tokio::spawn(writer.telling(bodies).run());
        let node = NodeId::new();
        let info = ModuleInfo {
            name: "counter".to_owned(),
            version: semver::Version::new(1, 0, 0),
            description: String::new(),
            inputs_schema: serde_json::json!({}),
            settings_schema: serde_json::json!({}),
        };
        let digest = Digest::from_bytes([7; 32]);
        let (grants, provenance) = (Grants::default(), Provenance::default());
        let module = Module { info, digest, size_bytes: 3, imports: vec![], grants, created_at: NOW, provenance };
        let this = Self { store, node, module, folder };
        this.register(node).await;
        let write = ModuleWrite { module: this.module.clone(), bytes: Bytes::from_static(b"abc"), replace: false };
        this.done(Write::PutModule(Box::new(write))).await;
        this
    }

    /// Where its file is, on `SQLite`.
    pub(super) fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    pub(super) async fn register(&self, id: NodeId) {
        self.done(registration(id, None, NOW)).await;
    }

    /// A node whose word holds for so long.
    pub(super) async fn register_for(&self, id: NodeId, lease: Duration) {
        self.done(registration(id, Some(lease), NOW)).await;
    }

    pub(super) async fn write(&self, write: Write) -> Answer {
        self.store.write(write).await.expect("the database takes it")
    }

    /// Writes in one batch.
    pub(super) async fn write_together(&self, writes: Vec<Write>) -> Vec<Answer> {
        let (commands, answers): (Vec<_>, Vec<_>) = writes
            .into_iter()
            .map(|write| {
                let (told, answer) = oneshot::channel();
                let tell: OnCommit = Box::new(move |answer| drop(told.send(answer)));
                ((write, tell), answer)
            })
            .unzip();
        self.store.reserve(0).await.hand_over(commands);
        let answers = futures_util::future::join_all(answers).await.into_iter();
        answers.map(|answer| answer.expect("it is told").expect("the database takes it")).collect()
    }

    pub(super) async fn done(&self, write: Write) {
        let told = format!("{write:?}");
        let answer = self.write(write).await;
        assert!(matches!(answer, Answer::Done | Answer::Resumed(_)), "{told} came to {answer:?}");
    }

    pub(super) async fn create(&self) -> JobId {
        self.create_of(self.module.label()).await
    }

    pub(super) async fn create_of(&self, module: ModuleLabel) -> JobId {
        let new = Self::new_job(module);
        let id = new.id;
        self.done(Write::CreateJob(Box::new(new))).await;
        id
    }

    pub(super) fn new_job(module: ModuleLabel) -> NewJob {
        NewJob {
            id: JobId::new(),
            module,
            inputs: object(r#"{"n": 1}"#),
            settings: JsonObject::empty(),
            checkpoint: None,
            max_duration: None,
            stop_grace: Duration::from_secs(5),
            retry: RetryPolicy::NEVER,
            run_after: None,
            priority: Priority::default(),
            labels: Labels::default(),
            key: None,
            queue: None,
            unique_key: None,
            schedule: None,
            at: NOW,
        }
    }

    pub(super) fn claim_write(&self) -> Write {
        Write::Claim(ClaimRequest { node: self.node, limit: 64, suspects: 1, limited_first: false, at: NOW })
    }

    pub(super) async fn claim_all(&self) -> Vec<ClaimedJob> {
        match self.write(self.claim_write()).await {
            Answer::Claimed(jobs) => jobs,
            other => panic!("a claim came to {other:?}"),
        }
    }

    pub(super) async fn claim(&self) -> ClaimedJob {
        let mut jobs = self.claim_all().await;
        assert_eq!(jobs.len(), 1, "one job is ready");
        jobs.remove(0)
    }

    pub(super) async fn job(&self, id: JobId) -> Job {
        self.store.job(id, NOW).await.expect("the database answers").expect("the job is there")
    }

    pub(super) async fn status(&self, id: JobId) -> Status {
        self.job(id).await.state.status()
    }
}

pub(super) fn registration(id: NodeId, lease: Option<Duration>, at: Timestamp) -> Write {
    Write::RegisterNode(NewNode { id, version: "0", slots: 8, lease, at })
}

pub(super) fn finish(job: &ClaimedJob, conclusion: Conclusion) -> Write {
    finish_under(job.attempt.claim, conclusion)
}

pub(super) fn finish_under(claim: Claim, conclusion: Conclusion) -> Write {
    Write::Finish(Box::new(Finish {
        claim,
        conclusion,
        counted: true,
        run_time: Duration::from_millis(20),
        usage: RunUsage { cpu_time: Duration::from_millis(10), peak_memory_bytes: 1, ..RunUsage::default() },
        at: NOW,
    }))
}

pub(super) fn lines(attempt: Attempt, first_seq: u64, last_seq: u64) -> Write {
    let lines: Vec<_> = (first_seq..=last_seq)
        .map(|seq| serde_json::json!([NOW.millis(), "info", "guest", false, format!("line {seq}")]))
        .collect();
    let lines = serde_json::Value::from(lines).to_string();
    Write::AppendLogs(LogChunk { attempt, first_seq, last_seq, lines, message_bytes: 10 })
}

pub(super) fn result(attempt: Attempt, seq: u64) -> Write {
    Write::SaveResult(NewResult { attempt, seq, at: NOW, data: object(&format!(r#"{{"n": {seq}}}"#)) })
}

pub(super) fn checkpoint(attempt: Attempt, log_seq: u64, result_seq: u64) -> Write {
    let data = object(&format!(r#"{{"at": {result_seq}}}"#));
    let http = HttpUsage { requests: 1, bytes: result_seq };
    let usage = RunUsage { cpu_time: Duration::from_millis(3), peak_memory_bytes: 2 + log_seq, http };
    Write::SaveCheckpoint(NewCheckpoint { attempt, log_seq, result_seq, at: NOW, data, usage })
}
