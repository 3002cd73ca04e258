//! Crashes: who is a suspect, who is convicted, and what forgives.

use super::harness::{Database, NOW, TestStore, checkpoint, finish, on_each_database};
use crate::domain::{Conclusion, ErrorCode, JobId, JobState, NodeId, Status};
use crate::store::{Answer, ClaimedJob, Gone, Write};

impl TestStore {
    /// The node dies, and another takes its place.
    async fn crash(&mut self) {
        self.node = NodeId::new();
        self.register(self.node).await;
        let answer = self.write(Write::Recover(Gone::Others(self.node), NOW)).await;
        assert!(matches!(answer, Answer::Recovered(_)), "{answer:?}");
    }

    async fn claimed(&self) -> Vec<(JobId, bool)> {
        self.claim_all().await.iter().map(|job| (job.attempt.claim.job(), job.on_trial)).collect()
    }
}

async fn a_job_that_kills_its_host_alone_fails_at_the_third_time(database: Database) {
    let mut test = TestStore::open(database).await;
    let id = test.create().await;
    for _ in 0..3 {
        test.claim().await;
        assert_eq!(test.status(id).await, Status::Running);
        test.crash().await;
    }
    let JobState::Failed { error, .. } = test.job(id).await.state else { panic!("it has not failed") };
    assert_eq!(error.code, ErrorCode::CrashLoop);
    assert!(test.claim_all().await.is_empty());
}

async fn after_one_crash_all_start_again_and_after_two_one_after_another(database: Database) {
    let mut test = TestStore::open(database).await;
    let jobs = [test.create().await, test.create().await, test.create().await];
    test.claim_all().await;
    test.crash().await;
    assert_eq!(test.claimed().await, jobs.map(|job| (job, false)));
    test.crash().await;
    for job in jobs {
        assert_eq!(test.claimed().await, [(job, true)], "one suspect at a time");
    }
}

async fn a_suspect_on_trial_is_to_blame_and_its_neighbours_never_are(database: Database) {
    let mut test = TestStore::open(database).await;
    let (guilty, innocent) = (test.create().await, test.create().await);
    for _ in 0..2 {
        assert_eq!(test.claim_all().await.len(), 2);
        test.crash().await;
    }
    for _ in 0..3 {
        assert_eq!(test.claimed().await, [(guilty, true)]);
        test.crash().await;
    }
    assert_eq!(test.status(guilty).await, Status::Failed);
    assert_eq!((test.status(innocent).await, test.claimed().await), (Status::Pending, vec![(innocent, true)]));
}

async fn a_checkpoint_forgives_and_an_orderly_end_is_no_crash(database: Database) {
    let mut test = TestStore::open(database).await;
    let id = test.create().await;
    for _ in 0..2 {
        test.claim().await;
        test.crash().await;
    }
    let job = test.claim().await;
    assert!(job.on_trial);
    test.done(checkpoint(job.attempt, 0, 0)).await;
    test.crash().await;
    for _ in 0..4 {
        let job: ClaimedJob = test.claim().await;
        assert!(!job.on_trial);
        test.write(finish(&job, Conclusion::Pending)).await;
    }
    assert_eq!(test.status(id).await, Status::Pending);
}

async fn a_suspect_that_has_run_for_a_while_is_not_on_trial_any_more(database: Database) {
    let mut test = TestStore::open(database).await;
    let jobs = [test.create().await, test.create().await];
    for _ in 0..2 {
        test.claim_all().await;
        test.crash().await;
    }
    for _ in 0..4 {
        for job in jobs {
            let claimed = test.claim().await;
            assert_eq!(claimed.attempt.claim.job(), job);
            test.done(Write::EndTrial(claimed.attempt.claim)).await;
        }
        // Both are on board, neither on trial: nobody can tell which of them it was.
        test.crash().await;
    }
    assert_eq!([test.status(jobs[0]).await, test.status(jobs[1]).await], [Status::Pending; 2]);
}

async fn jobs_of_a_node_that_left_go_on_without_a_crash(database: Database) {
    let mut test = TestStore::open(database).await;
    let id = test.create().await;
    for _ in 0..5 {
        let job = test.claim().await;
        assert!(!job.on_trial && !job.after_crash);
        test.done(Write::LeaveNode(test.node, NOW)).await;
        test.crash().await;
    }
    assert_eq!(test.status(id).await, Status::Pending);
}

async fn only_a_node_whose_lease_ran_out_is_silent(database: Database) {
    let mut test = TestStore::open(database).await;
    let id = test.create().await;
    // The first node has no lease, the second a long one, the third one that has run out.
    for (lease, moves) in [(None, false), (Some(60_000), false), (Some(0), true)] {
        if let Some(lease) = lease {
            test.node = NodeId::new();
            test.register_for(test.node, std::time::Duration::from_millis(lease)).await;
        }
        let claimed = test.claim_all().await;
        assert_eq!(claimed.len(), usize::from(lease != Some(0)), "a node whose word does not hold claims nothing");
        if moves {
            continue;
        }
        assert!(
            matches!(test.write(Write::Recover(Gone::Silent(NodeId::new()), NOW)).await, Answer::Recovered(jobs) if jobs.jobs.is_empty())
        );
        assert_eq!(test.status(id).await, Status::Running);
        test.write(finish(&claimed[0], Conclusion::Pending)).await;
    }
}

on_each_database! {
    a_job_that_kills_its_host_alone_fails_at_the_third_time,
    after_one_crash_all_start_again_and_after_two_one_after_another,
    a_suspect_on_trial_is_to_blame_and_its_neighbours_never_are,
    a_checkpoint_forgives_and_an_orderly_end_is_no_crash,
    a_suspect_that_has_run_for_a_while_is_not_on_trial_any_more,
    jobs_of_a_node_that_left_go_on_without_a_crash,
    only_a_node_whose_lease_ran_out_is_silent,
}
