//! A job that takes its host down again and again is stopped; those that were there with it are not.

use serde_json::json;

use super::ledger::assert_each_once;
use crate::harness::{Host, Job, Status};

/// Kills the host as soon as the job runs in this attempt, and starts it again.
fn kill_in_attempt(host: &mut Host, job: &Job, attempt: u32) {
    job.until("it runs", |job| job.attempt == attempt && job.status == Status::Running);
    host.kill();
    host.start_again();
}

#[test]
fn a_job_that_was_alone_at_three_crashes_fails_and_can_be_resumed() {
    let mut host = Host::start();
    let job = host.hostile(json!({ "behaviour": "spin" }));
    for attempt in 1..=3 {
        kill_in_attempt(&mut host, &job, attempt);
    }
    let view = job.ended();
    let error = view.error.expect("it failed");
    assert_eq!((view.status, error.code.as_str(), view.attempt), (Status::Failed, "crash-loop", 3));
    // Whoever resumes it has looked at it: the count begins anew.
    job.go_on();
    kill_in_attempt(&mut host, &job, 4);
    job.until("it runs again", |job| job.attempt == 5);
    job.stop_and_wait();
}

#[test]
fn a_job_on_trial_is_to_blame_and_its_neighbours_complete() {
    let mut host = Host::start();
    let guilty = host.hostile(json!({ "behaviour": "spin" }));
    let count = json!({ "behaviour": "count", "to": 250, "pause_ms": 40 });
    let neighbours: Vec<_> = (0..5).map(|_| host.hostile(count.clone())).collect();
    for job in &neighbours {
        job.until("it counts", |job| job.results > 0);
    }
    // Two crashes make it a suspect. Then each crash within two seconds of its start is its own; a slow machine may
    // need more of them.
    let mut attempt = 0;
    while guilty.show().status != Status::Failed && attempt < 12 {
        attempt += 1;
        kill_in_attempt(&mut host, &guilty, attempt);
        guilty.until("it is taken up or given up", |job| job.status == Status::Failed || job.attempt > attempt);
    }
    assert!(attempt >= 5, "it was given up after {attempt} crashes, and was not alone");
    assert_eq!(guilty.ended().error.expect("it failed").code, "crash-loop");
    for job in &neighbours {
        assert_eq!(job.ended().status, Status::Completed);
        assert_each_once(job, "n", 250);
    }
}
