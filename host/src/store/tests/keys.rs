//! Idempotency keys.

use std::time::Duration;

use super::harness::{Database, NOW, TestStore, on_each_database};
use crate::domain::job::start_key::KEY_LIFE;
use crate::domain::{Digest, JobId, StartKey, Timestamp};
use crate::store::{Answer, NewJob, Write};

impl TestStore {
    fn keyed(&self, key: u8, request: u8, at: Timestamp) -> NewJob {
        let key = StartKey { key: Digest::from_bytes([key; 32]), request: Digest::from_bytes([request; 32]) };
        NewJob { key: Some(key), at, ..Self::new_job(self.module.label()) }
    }

    async fn start(&self, job: NewJob) -> Answer {
        self.write(Write::CreateJob(Box::new(job))).await
    }
}

async fn a_key_is_remembered_for_a_day(database: Database) {
    let test = TestStore::open(database).await;
    let first = test.keyed(1, 1, NOW);
    let id = first.id;
    assert!(matches!(test.start(first).await, Answer::Done));
    let late = NOW.after(KEY_LIFE.saturating_sub(Duration::from_millis(1)));
    assert!(matches!(test.start(test.keyed(1, 1, late)).await, Answer::Known(known) if known == id));
    assert!(matches!(test.start(test.keyed(1, 2, late)).await, Answer::KeyTaken));
    assert!(matches!(test.start(test.keyed(1, 2, NOW.after(KEY_LIFE))).await, Answer::Done));
}

async fn a_key_whose_job_was_not_started_is_free(database: Database) {
    let test = TestStore::open(database).await;
    let mut gone = test.keyed(1, 1, NOW);
    gone.module.digest = Digest::from_bytes([9; 32]);
    assert!(matches!(test.start(gone).await, Answer::NotMatched));
    assert!(matches!(test.start(test.keyed(1, 2, NOW)).await, Answer::Done));
}

async fn of_two_with_one_key_in_one_commit_the_first_is_started(database: Database) {
    let test = TestStore::open(database).await;
    let jobs: Vec<NewJob> = (0..3).map(|_| test.keyed(1, 1, NOW)).collect();
    let ids: Vec<JobId> = jobs.iter().map(|job| job.id).collect();
    let answers = futures_util::future::join_all(jobs.into_iter().map(|job| test.start(job))).await;
    assert!(
        matches!(answers[..], [Answer::Done, Answer::Known(one), Answer::Known(two)] if one == ids[0] && two == ids[0])
    );
}

on_each_database!(
    a_key_is_remembered_for_a_day,
    a_key_whose_job_was_not_started_is_free,
    of_two_with_one_key_in_one_commit_the_first_is_started,
);
