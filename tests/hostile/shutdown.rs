//! Every way in which an attempt can end when its host goes down: the contract's table, its last column.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::bounds::stop_of;
use crate::harness::{Host, Job, JobView, Source, Status};

/// How late the end of the host may be: see `bounds`.
const LATE: Duration = Duration::from_secs(6);

/// The job was put back and is on its second attempt, as if nothing had happened.
#[track_caller]
fn assert_goes_on(job: &Job) {
    let view = job.until("the second attempt", |job| job.attempt == 2 && job.status == Status::Running);
    assert_eq!((&view.error, &view.stop), (&None, &None));
    let host_lines: Vec<_> = job.log().into_iter().filter(|line| line.source == Source::Host).collect();
    assert_eq!(host_lines, [], "an orderly end is no crash");
}

#[test]
fn whoever_knew_of_the_shutdown_goes_on_afterwards() {
    let mut host = Host::start();
    let jobs = ["ok", "permanent", "retryable", "trap"].map(|ending| {
        let job = host.hostile(json!({ "behaviour": "honour_stop_request", "ending": ending }));
        job.says("waiting for a stop request");
        job
    });
    assert!(host.terminate().success());
    host.start_again();
    for job in &jobs {
        let view = job.until("the second attempt", |job| job.attempt == 2 && job.status == Status::Running);
        assert_eq!((&view.error, &view.stop, view.results), (&None, &None, 1));
        let saved: Value = job.get("/checkpoint").read(200);
        assert_eq!(saved["checkpoint"], json!({ "seen_by_attempt": 1 }), "saved within the shutdown's grace");
    }
    for job in &jobs[..3] {
        assert_goes_on(job);
    }
}

#[test]
fn whoever_finished_unaware_of_the_shutdown_has_ended() {
    let mut host = Host::start();
    let started = ["ok", "permanent", "trap", "retryable"].map(|ending| {
        let job = host.hostile(json!({ "behaviour": "finish_unaware", "ending": ending, "work_ms": 1_500 }));
        job.says("working");
        job
    });
    assert!(host.terminate().success());
    host.start_again();
    let [ok, permanent, trap, retryable] = started.map(|job| job.ended());
    let seen = |view: &JobView| (view.status, view.attempt, view.error.as_ref().map(|error| error.code.clone()));
    assert_eq!(seen(&ok), (Status::Completed, 1, None));
    assert_eq!(seen(&permanent), (Status::Failed, 1, Some("guest-failed".to_owned())));
    assert_eq!(seen(&trap), (Status::Failed, 1, Some("trap".to_owned())));
    // It was put back, ran once more without a shutdown, and then failed as any other.
    assert_eq!(seen(&retryable), (Status::Failed, 2, Some("guest-failed".to_owned())));
}

#[test]
fn whoever_ignores_the_shutdown_is_forced_and_goes_on_afterwards() {
    let mut host = Host::with(&["node.shutdown_grace=500ms"]);
    let jobs = ["spin", "ignore_stop_request", "park_in_wasi", "sleep_for_ever"].map(|behaviour| {
        let job = host.hostile(json!({ "behaviour": behaviour }));
        job.reaches(Status::Running);
        job
    });
    let asked = Instant::now();
    assert!(host.terminate().success());
    assert!(asked.elapsed() < Duration::from_millis(500) + LATE, "the host took {:?} to end", asked.elapsed());
    host.start_again();
    jobs.iter().for_each(assert_goes_on);
}

#[test]
fn the_duration_limit_wins_over_a_shutdown() {
    let mut host = Host::start();
    let inputs = json!({ "behaviour": "honour_stop_request", "dally_ms": 2_500 });
    let job = host.hostile_with(inputs, json!({ "max_duration": "1500ms" }));
    job.says("waiting for a stop request");
    assert!(host.terminate().success());
    host.start_again();
    let view = job.show();
    assert_eq!((view.status, stop_of(&view)), (Status::Stopped, Some(("duration-limit", false))), "{view:?}");
}
