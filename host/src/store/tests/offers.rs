//! Free hands: a job that is started where there is room is taken in the transaction that creates it.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::time::timeout;

use super::harness::{Database, NOW, TestStore, on_each_database};
use crate::domain::{JobId, Status};
use crate::store::{ClaimRequest, Offer, Write};

/// Offers to take one job at a time while `free` says so; gives the list of what was taken.
fn offer_one(test: &TestStore, free: &Arc<Mutex<bool>>) -> Arc<Mutex<Vec<JobId>>> {
    let taken: Arc<Mutex<Vec<JobId>>> = Arc::default();
    let (node, free, told) = (test.node, Arc::clone(free), Arc::clone(&taken));
    test.store.take_offers(move || {
        let told = Arc::clone(&told);
        free.lock().expect("no panic").then(|| Offer {
            request: ClaimRequest { node, limit: 1, suspects: 1, limited_first: false, at: NOW },
            on_claimed: Box::new(move |jobs| {
                let jobs = jobs.expect("the database takes it");
                told.lock().expect("no panic").extend(jobs.iter().map(|job| job.attempt.claim.job()));
            }),
        })
    });
    taken
}

async fn a_job_that_is_started_where_there_is_room_runs_when_it_is_there(database: Database) {
    let test = TestStore::open(database).await;
    let taken = offer_one(&test, &Arc::new(Mutex::new(true)));
    let job = test.create().await;
    assert_eq!(test.status(job).await, Status::Running);
    // What leaves no work is nobody's to take; and once it is written, everybody was told what came of the batch before.
    test.done(Write::KeepJob { job, keep: true }).await;
    assert_eq!(*taken.lock().expect("no panic"), [job]);
}

async fn of_a_batch_only_so_many_are_taken_as_there_is_room_for(database: Database) {
    let test = TestStore::open(database).await;
    let taken = offer_one(&test, &Arc::new(Mutex::new(true)));
    let jobs = [TestStore::new_job(test.module.label()), TestStore::new_job(test.module.label())];
    let ids = [jobs[0].id, jobs[1].id];
    let writes = jobs.map(|job| test.store.write(Write::CreateJob(Box::new(job))));
    futures_util::future::join_all(writes).await.into_iter().for_each(|answer| {
        answer.expect("the database takes it");
    });
    // Once the next batch is written, everybody was told what came of those before.
    test.done(Write::KeepJob { job: ids[0], keep: true }).await;
    // Whether in one batch or in two, each took one.
    let taken = taken.lock().expect("no panic").clone();
    assert!(!taken.is_empty() && taken.iter().all(|job| ids.contains(job)), "{taken:?} of {ids:?}");
    for id in ids {
        let expected = if taken.contains(&id) { Status::Running } else { Status::Pending };
        assert_eq!(test.status(id).await, expected);
    }
}

async fn without_room_it_waits_and_the_bell_rings(database: Database) {
    let test = TestStore::open(database).await;
    let taken = offer_one(&test, &Arc::new(Mutex::new(false)));
    let hint = test.store.jobs_hint();
    let job = test.create().await;
    assert_eq!(test.status(job).await, Status::Pending);
    assert!(taken.lock().expect("no panic").is_empty());
    timeout(Duration::from_secs(5), hint.notified()).await.expect("the bell has rung");
}

on_each_database! {
    a_job_that_is_started_where_there_is_room_runs_when_it_is_there,
    of_a_batch_only_so_many_are_taken_as_there_is_room_for,
    without_room_it_waits_and_the_bell_rings,
}
