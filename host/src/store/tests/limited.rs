//! Components of which only so many jobs may run at once.

use bytes::Bytes;

use super::harness::{Database, NOW, TestStore, finish, ids, on_each_database};
use crate::domain::{Amount, Conclusion, Digest, ErrorCode, Grants, JobError, JobId, ModuleLabel, NodeId, Status};
use crate::store::{Answer, CheckpointEdit, ClaimRequest, ClaimedJob, ModuleWrite, Resume, Write};

fn grants(most: Option<u64>) -> Box<Grants> {
    let mut grants = Grants::default();
    grants.limits.jobs_concurrent = most.map(Amount);
    Box::new(grants)
}

impl TestStore {
    async fn limit(&self, most: Option<u64>) {
        self.done(Write::SetGrants(self.module.digest, grants(most))).await;
    }

    async fn claim_some(&self, node: NodeId, limit: u32, limited_first: bool) -> Vec<ClaimedJob> {
        match self.write(Write::Claim(ClaimRequest { node, limit, suspects: 1, limited_first, at: NOW })).await {
            Answer::Claimed(jobs) => jobs,
            other => panic!("a claim came to {other:?}"),
        }
    }

    async fn create_some(&self, count: usize) -> Vec<JobId> {
        let mut ids = Vec::new();
        for _ in 0..count {
            ids.push(self.create().await);
        }
        ids
    }

    /// Another module, whose jobs nobody limits.
    async fn other_module(&self) -> ModuleLabel {
        let mut module = self.module.clone();
        module.info.name = "other".to_owned();
        module.digest = Digest::from_bytes([8; 32]);
        let label = module.label();
        self.done(Write::PutModule(Box::new(ModuleWrite {
            module,
            bytes: Bytes::from_static(b"abd"),
            replace: false,
        })))
        .await;
        label
    }
}

async fn only_so_many_run_whichever_node_claims_them(database: Database) {
    let test = TestStore::open(database).await;
    let other = NodeId::new();
    test.register(other).await;
    test.limit(Some(2)).await;
    let jobs = test.create_some(5).await;
    let (here, there) = tokio::join!(test.claim_some(test.node, 64, true), test.claim_some(other, 64, false));
    let mut running = [ids(&here), ids(&there)].concat();
    running.sort_unstable();
    assert_eq!(running, jobs[..2], "the oldest");
    assert!(test.claim_all().await.is_empty());
    let ended = here.iter().chain(&there).next().expect("two were claimed");
    test.write(finish(ended, Conclusion::Completed)).await;
    assert_eq!(ids(&test.claim_all().await), jobs[2..3]);
    assert!(test.claim_all().await.is_empty());
}

async fn a_number_that_comes_changes_or_goes_holds_for_jobs_that_wait(database: Database) {
    let test = TestStore::open(database).await;
    let jobs = test.create_some(6).await;
    assert_eq!(test.claim_some(test.node, 1, false).await.len(), 1);
    test.limit(Some(1)).await;
    assert!(test.claim_all().await.is_empty(), "the one that runs counts, though it came before");
    test.limit(Some(3)).await;
    assert_eq!(ids(&test.claim_all().await), jobs[1..3]);
    test.limit(Some(2)).await;
    assert!(test.claim_all().await.is_empty(), "nobody is ended for it, and nobody begins");
    test.limit(None).await;
    assert_eq!(ids(&test.claim_all().await), jobs[3..]);
}

async fn jobs_that_have_to_wait_are_in_nobodys_way(database: Database) {
    let test = TestStore::open(database).await;
    test.limit(Some(1)).await;
    let limited = test.create_some(3).await;
    let label = test.other_module().await;
    let others = [test.create_of(label.clone()).await, test.create_of(label).await];
    assert_eq!(ids(&test.claim_some(test.node, 1, false).await), others[..1], "those without a number first");
    assert_eq!(ids(&test.claim_some(test.node, 1, true).await), limited[..1], "and in turn the others");
    assert_eq!(ids(&test.claim_some(test.node, 64, true).await), others[1..]);
}

async fn a_resumed_job_waits_as_its_module_says_now(database: Database) {
    let test = TestStore::open(database).await;
    let first = test.create().await;
    let claimed = test.claim().await;
    let error = JobError { code: ErrorCode::Trap, message: "trap".to_owned(), backtrace: None };
    test.write(finish(&claimed, Conclusion::Failed(error))).await;
    test.limit(Some(1)).await;
    test.create().await;
    let second = test.claim().await;
    test.done(Write::ResumeJob(Box::new(Resume {
        job: first,
        module: None,
        inputs: None,
        settings: None,
        checkpoint: CheckpointEdit::Keep,
        max_duration: None,
        at: NOW,
    })))
    .await;
    assert!(test.claim_all().await.is_empty());
    test.write(finish(&second, Conclusion::Completed)).await;
    assert_eq!(ids(&test.claim_all().await), [first]);
    assert_eq!(test.status(first).await, Status::Running);
}

on_each_database!(
    only_so_many_run_whichever_node_claims_them,
    a_number_that_comes_changes_or_goes_holds_for_jobs_that_wait,
    jobs_that_have_to_wait_are_in_nobodys_way,
    a_resumed_job_waits_as_its_module_says_now,
);
