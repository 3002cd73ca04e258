//! Statuses move as the one transition function says, whatever is written.

use std::time::Duration;

use super::harness::{Database, NOW, TestStore, finish, on_each_database};
use crate::domain::{Conclusion, ErrorCode, Event, JobError, JobId, RetryPolicy, Status, StopReason, Stopped};
use crate::store::{Answer, CheckpointEdit, ClaimRequest, ClaimedJob, Gone, Resume, Write};

fn failed() -> Conclusion {
    Conclusion::Failed(JobError { code: ErrorCode::Trap, message: "trap".to_owned(), backtrace: None })
}

fn stopped() -> Conclusion {
    Conclusion::Stopped(Stopped { reason: StopReason::DurationLimit, forced: true })
}

fn resume(job: JobId) -> Write {
    let checkpoint = CheckpointEdit::Keep;
    Write::ResumeJob(Box::new(Resume {
        job,
        module: None,
        inputs: None,
        settings: None,
        checkpoint,
        max_duration: None,
        at: NOW,
    }))
}

/// A job that stands there, with the claim that it had.
async fn job_in(test: &TestStore, status: Status) -> (JobId, ClaimedJob) {
    let id = test.create().await;
    let claimed = test.claim().await;
    let conclusion = match status {
        Status::Pending => Some(Conclusion::Pending),
        Status::Running => None,
        Status::Completed => Some(Conclusion::Completed),
        Status::Failed => Some(failed()),
        Status::Stopped => Some(stopped()),
    };
    if let Some(conclusion) = conclusion {
        test.write(finish(&claimed, conclusion)).await;
    }
    assert_eq!(test.status(id).await, status);
    (id, claimed)
}

async fn happen(test: &TestStore, event: Event, id: JobId, claimed: &ClaimedJob) {
    let write = match event {
        Event::Claim => test.claim_write(),
        Event::Complete => finish(claimed, Conclusion::Completed),
        Event::Fail => finish(claimed, failed()),
        Event::Stop => finish(claimed, stopped()),
        Event::Release => finish(claimed, Conclusion::Pending),
        Event::Resume => resume(id),
    };
    test.write(write).await;
}

async fn every_pair_of_status_and_event_agrees_with_the_transition_function(database: Database) {
    for status in Status::ALL {
        for event in [Event::Claim, Event::Complete, Event::Fail, Event::Stop, Event::Release, Event::Resume] {
            // A pending job is stopped by a request, not by an attempt that it does not have.
            if (status, event) == (Status::Pending, Event::Stop) {
                continue;
            }
            let test = TestStore::open(database).await;
            let (id, claimed) = job_in(&test, status).await;
            happen(&test, event, id, &claimed).await;
            let expected = status.after(event).unwrap_or(status);
            assert_eq!(test.status(id).await, expected, "{status} and {event:?}");
        }
    }
}

async fn a_stop_request_is_kept_and_ends_what_does_not_run(database: Database) {
    for status in Status::ALL {
        let test = TestStore::open(database).await;
        let (id, claimed) = job_in(&test, status).await;
        let answer = test.write(Write::RequestStop(id, NOW)).await;
        match status {
            Status::Pending => {
                assert!(matches!(answer, Answer::Asked(None)), "{answer:?}");
                assert_eq!(test.status(id).await, Status::Stopped);
            }
            Status::Running => {
                assert!(matches!(answer, Answer::Asked(Some(claim)) if claim == claimed.attempt.claim), "{answer:?}");
                // Released by a shutdown, it is stopped all the same: it never starts again by itself.
                test.write(finish(&claimed, Conclusion::Pending)).await;
                assert_eq!(test.status(id).await, Status::Stopped);
            }
            Status::Completed | Status::Failed | Status::Stopped => {
                assert!(matches!(answer, Answer::Status(found) if found == status), "{answer:?}");
                assert_eq!(test.status(id).await, status);
            }
        }
    }
    let test = TestStore::open(database).await;
    assert!(matches!(test.write(Write::RequestStop(JobId::new(), NOW)).await, Answer::NotMatched));
}

async fn a_released_attempt_that_ran_nothing_is_not_counted(database: Database) {
    let test = TestStore::open(database).await;
    let id = test.create().await;
    let claimed = test.claim().await;
    let Write::Finish(mut uncounted) = finish(&claimed, Conclusion::Pending) else { unreachable!() };
    uncounted.counted = false;
    test.write(Write::Finish(uncounted)).await;
    assert_eq!(test.job(id).await.attempt, 0);
    assert_eq!(test.claim().await.attempt.number, 1);
}

async fn an_active_job_and_its_module_cannot_be_removed(database: Database) {
    let test = TestStore::open(database).await;
    let (id, claimed) = job_in(&test, Status::Running).await;
    let remove = || Write::RemoveModule("counter@1.0.0".parse().expect("a reference"));
    assert!(matches!(test.write(Write::DeleteJob(id)).await, Answer::Status(Status::Running)));
    assert!(matches!(test.write(remove()).await, Answer::Count(1)));
    test.write(finish(&claimed, failed())).await;
    test.done(remove()).await;
    // Its bytes are gone, so the job cannot go on; it stays to be read.
    assert!(matches!(test.write(resume(id)).await, Answer::Status(Status::Failed)));
    test.done(Write::DeleteJob(id)).await;
    assert!(test.store.job(id, NOW).await.expect("an answer").is_none());
}

async fn a_crash_counts_run_time_up_to_the_last_heartbeat(database: Database) {
    let mut test = TestStore::open(database).await;
    let (id, _) = job_in(&test, Status::Running).await;
    let beat = crate::domain::Timestamp::from_millis(NOW.millis() + 3_000);
    test.done(Write::Heartbeat(test.node, beat)).await;
    test.node = crate::domain::NodeId::new();
    test.register(test.node).await;
    let recovered = test.write(Write::Recover(Gone::Others(test.node), beat)).await;
    assert!(matches!(recovered, Answer::Recovered(jobs) if jobs.resumed == 1));
    let job = test.job(id).await;
    assert_eq!((job.state.status(), job.usage.run_time_ms), (Status::Pending, 3_000));
}

async fn a_failure_that_may_pass_waits_for_its_time_and_a_resume_forgets_it(database: Database) {
    let test = TestStore::open(database).await;
    let id = test.create().await;
    let pause = Duration::from_mins(1);
    let claimed = test.claim().await;
    assert_eq!((claimed.retries, claimed.retry), (0, RetryPolicy::NEVER));
    let answer = test.write(finish(&claimed, Conclusion::Retry(pause))).await;
    assert!(matches!(answer, Answer::Status(Status::Pending)), "{answer:?}");
    let waiting = test.job(id).await;
    assert_eq!((waiting.retries, waiting.run_after), (1, Some(NOW.after(pause))));
    assert!(test.claim_all().await.is_empty(), "its time has not come");
    let later = ClaimRequest { node: test.node, limit: 1, suspects: 0, limited_first: false, at: NOW.after(pause) };
    let Answer::Claimed(jobs) = test.write(Write::Claim(later)).await else { panic!("a claim answers with jobs") };
    assert_eq!((jobs.len(), jobs[0].retries), (1, 1));
    test.write(finish(&jobs[0], failed())).await;
    test.done(resume(id)).await;
    assert_eq!(test.job(id).await.retries, 0);
}

async fn a_stop_wins_over_another_try(database: Database) {
    let test = TestStore::open(database).await;
    let id = test.create().await;
    let claimed = test.claim().await;
    test.write(Write::RequestStop(id, NOW)).await;
    test.write(finish(&claimed, Conclusion::Retry(Duration::ZERO))).await;
    assert_eq!(test.status(id).await, Status::Stopped);
}

on_each_database! {
    a_failure_that_may_pass_waits_for_its_time_and_a_resume_forgets_it,
    a_stop_wins_over_another_try,
    every_pair_of_status_and_event_agrees_with_the_transition_function,
    a_stop_request_is_kept_and_ends_what_does_not_run,
    a_released_attempt_that_ran_nothing_is_not_counted,
    an_active_job_and_its_module_cannot_be_removed,
    a_crash_counts_run_time_up_to_the_last_heartbeat,
}
