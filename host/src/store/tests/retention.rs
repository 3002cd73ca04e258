//! What retention finds, what it may remove, and what it must leave alone.

use std::time::Duration;

use super::harness::{Database, NOW, TestStore, checkpoint, finish, lines, on_each_database, result};
use crate::domain::{
    After, Conclusion, ErrorCode, JobError, JobId, LogGap, NodeId, Results, RetentionReason, Status, Timestamp, Which,
};
use crate::store::{Answer, CheckpointEdit, EndedFilter, EndedJob, Having, Part, Piece, Prune, Pruned, Resume, Write};

const LEASE: Duration = Duration::from_secs(30);

impl TestStore {
    /// A job that failed with 20 lines in two chunks, 4 results and a checkpoint.
    async fn failed(&self) -> JobId {
        let id = self.create().await;
        let claimed = self.claim().await;
        self.done(lines(claimed.attempt, 1, 10)).await;
        self.done(lines(claimed.attempt, 11, 20)).await;
        for seq in 1..=4 {
            self.done(result(claimed.attempt, seq)).await;
        }
        self.done(checkpoint(claimed.attempt, 20, 4)).await;
        let error = JobError { code: ErrorCode::Trap, message: "trap".to_owned(), backtrace: None };
        self.write(finish(&claimed, Conclusion::Failed(error))).await;
        id
    }

    async fn prune_as(&self, node: NodeId, lease: Duration, pieces: Vec<Piece>) -> Answer {
        let reason = RetentionReason::Age;
        self.write(Write::Prune(Box::new(Prune { node, lease, used_bytes: None, reason, pieces, at: NOW }))).await
    }

    async fn prune(&self, job: JobId, part: Part) -> Pruned {
        let pieces = vec![Piece { job, finished_at: NOW, part }];
        match self.prune_as(self.node, LEASE, pieces).await {
            Answer::Pruned(pruned) => pruned,
            other => panic!("it came to {other:?}"),
        }
    }

    async fn ended(&self, having: Having, which: Which) -> Vec<EndedJob> {
        let (after, before) = (Timestamp::from_millis(0), NOW);
        let filter = EndedFilter { status: Status::Failed, having, after, before, which, limit: 10 };
        self.store.ended_jobs(&filter).await.expect("an answer")
    }

    async fn resume(&self, job: JobId, checkpoint: CheckpointEdit) -> Answer {
        let (module, inputs, settings, max_duration) = (None, None, None, None);
        self.write(Write::ResumeJob(Box::new(Resume {
            job,
            module,
            inputs,
            settings,
            checkpoint,
            max_duration,
            at: NOW,
        })))
        .await
    }
}

async fn lines_go_from_the_first_and_a_page_says_so(database: Database) {
    let test = TestStore::open(database).await;
    let id = test.failed().await;
    // The second chunk has lines on both sides: none of those in front is shown any more.
    assert_eq!(test.prune(id, Part::Logs(15)).await.logs, 1);
    let page = |after| test.store.logs(id, After { after, limit: 3 });
    let first = page(0).await.expect("an answer").expect("the job");
    assert_eq!(first.gap, Some(LogGap { from: 1, to: 15 }));
    assert_eq!(first.lines.iter().map(|line| line.seq).collect::<Vec<_>>(), [16, 17, 18]);
    let inside = page(12).await.expect("an answer").expect("the job");
    assert_eq!((inside.gap, inside.next_after), (Some(LogGap { from: 13, to: 15 }), 18));
    let behind = page(18).await.expect("an answer").expect("the job");
    assert_eq!((behind.gap, behind.lines.len(), behind.ended()), (None, 2, true));
    assert_eq!(test.prune(id, Part::Logs(15)).await, Pruned::default(), "they are gone already");
    test.prune(id, Part::Logs(1_000)).await;
    let all = page(0).await.expect("an answer").expect("the job");
    assert_eq!((all.gap, all.lines.len(), all.next_after), (Some(LogGap { from: 1, to: 20 }), 0, 20));
    assert!(all.ended());
    let job = test.job(id).await;
    assert_eq!((job.removed.logs_to, job.removed.logs_at, job.last_log_seq), (20, Some(NOW), 20));
}

async fn a_resumed_job_goes_on_behind_what_was_removed(database: Database) {
    let test = TestStore::open(database).await;
    let id = test.failed().await;
    test.prune(id, Part::Logs(20)).await;
    test.prune(id, Part::Results(3)).await;
    let answer = test.resume(id, CheckpointEdit::Keep).await;
    let Answer::Resumed(job) = answer else { panic!("{answer:?}") };
    assert_eq!((job.state.status(), job.last_log_seq, job.results), (Status::Pending, 20, 1));
    let claimed = test.claim().await;
    assert_eq!((claimed.last_log_seq, claimed.last_result_seq, claimed.has_checkpoint), (20, 4, true));
    test.done(lines(claimed.attempt, 21, 22)).await;
    test.done(result(claimed.attempt, 5)).await;
    test.write(finish(&claimed, Conclusion::Completed)).await;
    let page = test.store.logs(id, After { after: 0, limit: 10 }).await.expect("an answer").expect("the job");
    assert_eq!((page.gap, page.lines.len()), (Some(LogGap { from: 1, to: 20 }), 2));
    let results = test.store.results(id, After { after: 0, limit: 10 }, Results::Current).await.expect("an answer");
    assert_eq!(results.results.iter().map(|result| result.seq).collect::<Vec<_>>(), [4, 5]);
    assert_eq!(test.job(id).await.results, 2);
}

async fn without_its_checkpoint_a_job_does_not_go_on_by_itself(database: Database) {
    let test = TestStore::open(database).await;
    let id = test.failed().await;
    assert_eq!(test.prune(id, Part::Checkpoints).await.checkpoints, 1);
    assert_eq!(test.store.checkpoint(id).await.expect("an answer"), None);
    assert_eq!(test.job(id).await.removed.checkpoint_at, Some(NOW));
    assert!(matches!(test.resume(id, CheckpointEdit::Keep).await, Answer::Status(Status::Failed)));
    assert!(matches!(test.resume(id, CheckpointEdit::Remove).await, Answer::Resumed(_)));
    assert_eq!(test.job(id).await.removed.checkpoint_at, None);
    assert!(!test.claim().await.has_checkpoint);
}

async fn what_has_not_ended_or_is_kept_or_was_resumed_is_left_alone(database: Database) {
    let test = TestStore::open(database).await;
    let kept = test.failed().await;
    test.done(Write::KeepJob { job: kept, keep: true }).await;
    let resumed = test.failed().await;
    assert!(matches!(test.resume(resumed, CheckpointEdit::Keep).await, Answer::Resumed(_)));
    for job in [kept, resumed] {
        for part in [Part::Logs(20), Part::Results(4), Part::Checkpoints, Part::Job] {
            assert_eq!(test.prune(job, part).await, Pruned::default(), "{part:?}");
        }
        assert!(test.store.checkpoint(job).await.expect("an answer").is_some());
    }
    assert_eq!(test.ended(Having::Anything, Which::ALL).await, []);
    assert_eq!(test.store.count_ended(None).await.expect("an answer"), 0);
    test.done(Write::KeepJob { job: kept, keep: false }).await;
    assert_eq!(test.prune(kept, Part::Job).await.jobs, [kept]);
    assert!(test.store.job(kept, NOW).await.expect("an answer").is_none());
    assert!(matches!(test.write(Write::KeepJob { job: kept, keep: true }).await, Answer::NotMatched));
}

async fn ended_jobs_are_found_by_what_they_have_and_by_their_module(database: Database) {
    let test = TestStore::open(database).await;
    let id = test.failed().await;
    let found = test.ended(Having::Logs, Which::Only("counter".to_owned())).await;
    assert_eq!(found.iter().map(|job| (job.id, job.lines, job.results)).collect::<Vec<_>>(), [(id, (0, 20), (0, 4))]);
    assert!(found[0].log_bytes >= 20 && found[0].result_bytes > 0 && found[0].checkpoint_bytes > 0, "{found:?}");
    for which in [Which::Only("other".to_owned()), Which::AllBut(vec!["x".to_owned(), "counter".to_owned()])] {
        assert_eq!(test.ended(Having::Anything, which).await, []);
    }
    assert_eq!(test.ended(Having::Anything, Which::AllBut(vec!["count".to_owned()])).await.len(), 1);
    assert_eq!(test.store.count_ended(Some("counter")).await.expect("an answer"), 1);
    let crowded = |most| test.store.crowded_modules(most, Vec::new());
    assert_eq!(crowded(0).await.expect("an answer"), [("counter".to_owned(), 1)]);
    assert_eq!(crowded(1).await.expect("an answer"), []);
    test.prune(id, Part::Logs(20)).await;
    test.prune(id, Part::Checkpoints).await;
    assert_eq!(test.ended(Having::Logs, Which::ALL).await, []);
    assert_eq!(test.ended(Having::Checkpoints, Which::ALL).await, []);
    let rest = test.ended(Having::Anything, Which::ALL).await;
    assert_eq!((rest[0].log_bytes, rest[0].checkpoint_bytes), (0, 0));
}

async fn one_node_at_a_time_removes(database: Database) {
    let test = TestStore::open(database).await;
    let id = test.failed().await;
    let other = NodeId::new();
    let piece = || vec![Piece { job: id, finished_at: NOW, part: Part::Job }];
    assert!(matches!(test.prune_as(other, LEASE, Vec::new()).await, Answer::Pruned(_)));
    assert_eq!(test.store.retention_record().await.expect("an answer").holder, Some(other));
    assert!(matches!(test.prune_as(test.node, LEASE, piece()).await, Answer::NotMatched));
    assert_eq!(test.status(id).await, Status::Failed);
    // Its word ends at once.
    assert!(matches!(test.prune_as(other, Duration::ZERO, Vec::new()).await, Answer::Pruned(_)));
    tokio::time::sleep(Duration::from_millis(5)).await;
    assert!(matches!(test.prune_as(test.node, LEASE, piece()).await, Answer::Pruned(_)));
    let record = test.store.retention_record().await.expect("an answer");
    assert_eq!((record.holder, record.jobs), (Some(test.node), 1));
    assert_eq!(record.last, Some((NOW, "age".to_owned())));
}

async fn what_the_database_holds_grows_and_shrinks_with_what_is_stored(database: Database) {
    let test = TestStore::open(database).await;
    let before = test.store.database_use().await.expect("an answer").used_bytes;
    let mut jobs = Vec::new();
    for _ in 0..50 {
        jobs.push(test.failed().await);
    }
    let full = test.store.database_use().await.expect("an answer").used_bytes;
    assert!(full > before + 50 * 1_024, "{before} and {full}");
    let pieces = jobs.into_iter().map(|job| Piece { job, finished_at: NOW, part: Part::Job }).collect();
    test.prune_as(test.node, LEASE, pieces).await;
    let after = test.store.database_use().await.expect("an answer").used_bytes;
    assert!(after < before + (full - before) / 2, "{before}, {full} and {after}");
}

#[tokio::test]
async fn free_pages_go_back_to_the_disk() {
    let test = TestStore::open(Database::Sqlite).await;
    let mut pieces = Vec::new();
    for _ in 0..300 {
        pieces.push(Piece { job: test.failed().await, finished_at: NOW, part: Part::Job });
    }
    test.prune_as(test.node, LEASE, pieces).await;
    let free = test.store.database_use().await.expect("an answer");
    assert!(free.may_shrink && free.free_bytes > 200_000, "{free:?}");
    for _ in 0..=free.free_bytes >> 20 {
        test.done(Write::Shrink).await;
    }
    let shrunk = test.store.database_use().await.expect("an answer");
    assert_eq!((shrunk.free_bytes, shrunk.used_bytes <= free.used_bytes), (0, true), "{shrunk:?}");
}

#[tokio::test]
async fn a_file_of_an_earlier_version_learns_to_give_pages_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let open = async || crate::store::Store::open(folder.path(), crate::store::Location::Folder).await.expect("opened");
    let may_shrink = async |store: &crate::store::Store| store.database_use().await.expect("an answer").may_shrink;
    let (store, writer) = open().await;
    assert!(may_shrink(&store).await);
    store.close();
    writer.run().await;
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(folder.path().join("cofferdam.db"));
    let mut earlier = sqlx::ConnectOptions::connect(&options).await.expect("it is a database");
    for statement in ["PRAGMA auto_vacuum = NONE", "VACUUM"] {
        sqlx::query(statement).execute(&mut earlier).await.expect("it is done");
    }
    sqlx::Connection::close(earlier).await.expect("it closes");
    let (store, writer) = open().await;
    assert!(may_shrink(&store).await);
    store.close();
    writer.run().await;
}

on_each_database! {
    lines_go_from_the_first_and_a_page_says_so,
    a_resumed_job_goes_on_behind_what_was_removed,
    without_its_checkpoint_a_job_does_not_go_on_by_itself,
    what_has_not_ended_or_is_kept_or_was_resumed_is_left_alone,
    ended_jobs_are_found_by_what_they_have_and_by_their_module,
    one_node_at_a_time_removes,
    what_the_database_holds_grows_and_shrinks_with_what_is_stored,
}
