//! Free hands: a job that is started where there is room is taken in the transaction that creates it.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::time::timeout;

use super::harness::{Database, NOW, TestStore, ids, on_each_database};
use crate::domain::{Amount, Grants, JobId, JobQueue, NodeId, Priority, Status};
use crate::store::{Answer, ClaimRequest, Gone, NewJob, Offer, Write};

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
                told.lock().expect("no panic").extend(ids(&jobs));
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

async fn what_runs_as_it_is_made_has_passed_its_gate_and_its_components_number(database: Database) {
    let test = TestStore::open(database).await;
    let new = || TestStore::new_job(test.module.label());
    let queue = JobQueue { key: "customer-7".parse().expect("a key"), concurrency: Some(1), rate: None };
    let gated = || NewJob { queue: Some(queue.clone()), ..new() };
    let later = NewJob { run_after: Some(NOW.after(Duration::from_mins(1))), ..new() };
    let (free, first, second) = (new(), gated(), gated());
    let expected = [free.id, first.id];
    assert_eq!(made_and_taken(&test, vec![free, first, second, later]).await, expected);
    let mut grants = Grants::default();
    grants.limits.jobs_concurrent = Some(Amount(3));
    test.done(Write::SetGrants(test.module.digest, Box::new(grants))).await;
    let (third, fourth) = (new(), new());
    let expected = [third.id];
    assert_eq!(made_and_taken(&test, vec![third, fourth]).await, expected, "two of three run");
}

async fn what_waits_with_a_higher_priority_comes_before_what_is_made(database: Database) {
    let test = TestStore::open(database).await;
    let priority = Priority::try_from(5).expect("a priority");
    let waiting = NewJob { priority, ..TestStore::new_job(test.module.label()) };
    let waits = waiting.id;
    test.done(Write::CreateJob(Box::new(waiting))).await;
    let new = TestStore::new_job(test.module.label());
    let (id, claim) = (new.id, ClaimRequest { limit: 1, ..all_of(&test) });
    let answers = test.write_together(vec![Write::CreateJob(Box::new(new)), Write::Claim(claim)]).await;
    assert!(matches!(answers.as_slice(), [Answer::Done, Answer::Claimed(jobs)] if ids(jobs) == [waits]), "{answers:?}");
    assert_eq!(test.status(id).await, Status::Pending);
}

async fn what_runs_as_it_is_made_is_taken_back_when_its_host_dies(database: Database) {
    let test = TestStore::open(database).await;
    let new = TestStore::new_job(test.module.label());
    let id = new.id;
    assert_eq!(made_and_taken(&test, vec![new]).await, [id]);
    let other = NodeId::new();
    test.register(other).await;
    test.write(Write::Recover(Gone::Others(other), NOW)).await;
    assert_eq!(test.status(id).await, Status::Pending);
    let claim = ClaimRequest { node: other, ..all_of(&test) };
    let Answer::Claimed(jobs) = test.write(Write::Claim(claim)).await else { panic!("a claim comes to jobs") };
    assert!(matches!(jobs.as_slice(), [job] if job.after_crash && job.attempt.number == 2), "{jobs:?}");
}

async fn a_node_that_has_left_takes_nothing_that_is_made(database: Database) {
    let test = TestStore::open(database).await;
    test.done(Write::LeaveNode(test.node, NOW)).await;
    let new = TestStore::new_job(test.module.label());
    let id = new.id;
    assert!(made_and_taken(&test, vec![new]).await.is_empty());
    assert_eq!(test.status(id).await, Status::Pending);
}

fn all_of(test: &TestStore) -> ClaimRequest {
    ClaimRequest { node: test.node, limit: 64, suspects: 1, limited_first: false, at: NOW }
}

/// Which of these jobs are taken by a claim in their batch.
async fn made_and_taken(test: &TestStore, jobs: Vec<NewJob>) -> Vec<JobId> {
    let mut writes: Vec<_> = jobs.into_iter().map(|job| Write::CreateJob(Box::new(job))).collect();
    writes.push(Write::Claim(all_of(test)));
    match test.write_together(writes).await.pop() {
        Some(Answer::Claimed(jobs)) => ids(&jobs),
        other => panic!("a claim came to {other:?}"),
    }
}

on_each_database! {
    what_runs_as_it_is_made_has_passed_its_gate_and_its_components_number,
    what_waits_with_a_higher_priority_comes_before_what_is_made,
    what_runs_as_it_is_made_is_taken_back_when_its_host_dies,
    a_node_that_has_left_takes_nothing_that_is_made,
    a_job_that_is_started_where_there_is_room_runs_when_it_is_there,
    of_a_batch_only_so_many_are_taken_as_there_is_room_for,
    without_room_it_waits_and_the_bell_rings,
}
