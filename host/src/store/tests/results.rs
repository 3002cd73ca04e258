//! Checkpoints are commit points: every result counts once.

use super::harness::{Database, NOW, TestStore, checkpoint, finish, lines, object, on_each_database, result};
use crate::domain::{After, Conclusion, JobId, Results};
use crate::store::{CheckpointEdit, Resume, Write};

const ALL: After = After { after: 0, limit: 1000 };

/// Number, attempt, provisional, superseded.
async fn listed(test: &TestStore, id: JobId, which: Results) -> Vec<(u64, u32, bool, bool)> {
    let page = test.store.results(id, ALL, which).await.expect("an answer");
    page.results.iter().map(|result| (result.seq, result.attempt, result.provisional, result.superseded)).collect()
}

async fn what_follows_the_last_checkpoint_is_superseded_by_the_next_attempt(database: Database) {
    let test = TestStore::open(database).await;
    let id = test.create().await;
    let first = test.claim().await;
    test.done(result(first.attempt, 1)).await;
    test.done(checkpoint(first.attempt, 0, 1)).await;
    test.done(result(first.attempt, 2)).await;
    assert_eq!(listed(&test, id, Results::Current).await, [(1, 1, false, false), (2, 1, true, false)]);
    test.write(finish(&first, Conclusion::Pending)).await;

    let second = test.claim().await;
    assert!(second.has_checkpoint);
    assert_eq!(second.last_result_seq, 2);
    assert_eq!(listed(&test, id, Results::Current).await, [(1, 1, false, false)]);
    test.done(result(second.attempt, 3)).await;
    test.write(finish(&second, Conclusion::Completed)).await;
    assert_eq!(listed(&test, id, Results::Current).await, [(1, 1, false, false), (3, 2, false, false)]);
    let all = [(1, 1, false, false), (2, 1, false, true), (3, 2, false, false)];
    assert_eq!(listed(&test, id, Results::WithSuperseded).await, all);
    assert_eq!(test.job(id).await.results, 2);
}

async fn starting_over_supersedes_everything_and_another_checkpoint_only_the_provisional(database: Database) {
    for (change, current, checkpoint_left) in [
        (CheckpointEdit::Remove, vec![], None),
        (CheckpointEdit::Replace(object(r#"{"at": 50}"#)), vec![1], Some(r#"{"at": 50}"#)),
        (CheckpointEdit::Keep, vec![1], Some(r#"{"at": 1}"#)),
    ] {
        let test = TestStore::open(database).await;
        let id = test.create().await;
        let first = test.claim().await;
        test.done(result(first.attempt, 1)).await;
        test.done(checkpoint(first.attempt, 0, 1)).await;
        test.done(result(first.attempt, 2)).await;
        test.write(Write::RequestStop(id, NOW)).await;
        test.write(finish(&first, Conclusion::Pending)).await;
        let told = format!("{change:?}");
        test.done(Write::ResumeJob(Box::new(Resume {
            job: id,
            module: None,
            inputs: Some(object(r#"{"n": 2}"#)),
            settings: None,
            checkpoint: change,
            max_duration: None,
            at: NOW,
        })))
        .await;
        let second = test.claim().await;
        assert_eq!(second.inputs.as_str(), r#"{"n": 2}"#);
        let stored = test.store.checkpoint(id).await.expect("an answer");
        assert_eq!(stored.as_ref().map(|stored| stored.checkpoint.as_str()), checkpoint_left, "{told}");
        let seqs: Vec<_> = listed(&test, id, Results::Current).await.iter().map(|result| result.0).collect();
        assert_eq!(seqs, current, "{told}");
        assert_eq!(test.job(id).await.results, current.len() as u64, "{told}");
    }
}

async fn log_pages_are_dense_from_wherever_they_start(database: Database) {
    let test = TestStore::open(database).await;
    let id = test.create().await;
    let job = test.claim().await;
    for chunk in 0..30 {
        test.done(lines(job.attempt, chunk * 7 + 1, chunk * 7 + 7)).await;
    }
    for after in [0, 1, 6, 7, 8, 100, 209, 210, 500] {
        for limit in [1, 10, 1000] {
            let page = test.store.logs(id, After { after, limit }).await.expect("an answer").expect("the job");
            let seqs: Vec<_> = page.lines.iter().map(|line| line.seq).collect();
            let expected: Vec<_> = (after + 1..=210).take(limit as usize).collect();
            assert_eq!(seqs, expected, "after {after}, limit {limit}");
            assert_eq!(page.next_after, expected.last().copied().unwrap_or(after));
            assert!(page.lines.iter().all(|line| line.message == format!("line {}", line.seq)));
        }
    }
}

async fn the_newest_checkpoint_is_the_one_to_resume_from(database: Database) {
    let test = TestStore::open(database).await;
    let id = test.create().await;
    let job = test.claim().await;
    for seq in 1..=5 {
        test.done(result(job.attempt, seq)).await;
        test.done(checkpoint(job.attempt, 0, seq)).await;
    }
    let stored = test.store.checkpoint(id).await.expect("an answer").expect("a checkpoint");
    assert_eq!(stored.checkpoint.as_str(), r#"{"at": 5}"#);
}

on_each_database! {
    what_follows_the_last_checkpoint_is_superseded_by_the_next_attempt,
    starting_over_supersedes_everything_and_another_checkpoint_only_the_provisional,
    log_pages_are_dense_from_wherever_they_start,
    the_newest_checkpoint_is_the_one_to_resume_from,
}
