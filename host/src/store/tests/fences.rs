//! A claim that was lost changes nothing.

use super::harness::{Database, TestStore, checkpoint, finish, lines, on_each_database, result};
use crate::domain::{After, Conclusion, NodeId, Progress, Results, Status};
use crate::store::{Answer, Gone, Write};

async fn no_write_of_a_stale_claim_changes_a_row(database: Database) {
    let mut test = TestStore::open(database).await;
    let id = test.create().await;
    let stale = test.claim().await;
    // Another node takes the job over, as after a crash.
    test.node = NodeId::new();
    test.register(test.node).await;
    test.write(Write::Recover(Gone::Others(test.node), super::harness::NOW)).await;
    let fresh = test.claim().await;
    assert!(fresh.attempt.claim.fence() > stale.attempt.claim.fence());
    assert!(fresh.after_crash);
    test.done(lines(fresh.attempt, 1, 2)).await;
    let before = test.job(id).await;
    let progress = Progress { done: 9, total: None };
    for write in [
        lines(stale.attempt, 3, 4),
        result(stale.attempt, 1),
        checkpoint(stale.attempt, 2, 0),
        Write::SaveProgress(stale.attempt.claim, progress),
        finish(&stale, Conclusion::Completed),
        finish(&stale, Conclusion::Pending),
    ] {
        let told = format!("{write:?}");
        assert!(matches!(test.write(write).await, Answer::NotMatched), "{told}");
        assert_eq!(test.job(id).await, before, "{told}");
    }
    let part = After { after: 0, limit: 10 };
    assert_eq!(test.store.logs(id, part).await.expect("an answer").expect("the job").lines.len(), 2);
    assert!(test.store.results(id, part, Results::WithSuperseded).await.expect("an answer").results.is_empty());
    assert!(matches!(test.write(finish(&fresh, Conclusion::Completed)).await, Answer::Status(Status::Completed)));
}

async fn a_write_out_of_its_place_is_refused(database: Database) {
    let test = TestStore::open(database).await;
    test.create().await;
    let job = test.claim().await;
    assert!(matches!(test.write(lines(job.attempt, 2, 3)).await, Answer::NotMatched), "line 1 is missing");
    assert!(matches!(test.write(result(job.attempt, 2)).await, Answer::NotMatched), "result 1 is missing");
    assert!(matches!(test.write(checkpoint(job.attempt, 1, 0)).await, Answer::NotMatched), "it covers a missing line");
}

async fn one_lost_claim_fails_only_its_own_writes(database: Database) {
    let test = TestStore::open(database).await;
    test.create().await;
    test.create().await;
    let jobs = test.claim_all().await;
    test.write(finish(&jobs[0], Conclusion::Completed)).await;
    let answers = futures_util::future::join_all(jobs.iter().map(|job| test.write(lines(job.attempt, 1, 1)))).await;
    assert!(matches!(answers[..], [Answer::NotMatched, Answer::Done]), "{answers:?}");
}

on_each_database! {
    no_write_of_a_stale_claim_changes_a_row,
    a_write_out_of_its_place_is_refused,
    one_lost_claim_fails_only_its_own_writes,
}
