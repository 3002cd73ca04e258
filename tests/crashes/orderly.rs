//! A host that is told to end puts its jobs back, and they go on as if nothing had happened.

use std::time::Duration;

use serde_json::json;

use super::ledger::{assert_each_once, dense_log, host_lines};
use crate::harness::{Guest, Host, Status};

#[test]
fn three_orderly_restarts_are_no_crashes_and_lose_nothing() {
    let mut host = Host::start();
    let job = host.hostile(json!({ "behaviour": "count", "to": 120, "pause_ms": 10 }));
    for _ in 0..3 {
        let seen = job.show().results;
        job.until("it counts on", |job| job.results >= seen + 5 && job.status == Status::Running);
        assert!(host.terminate().success());
        host.start_again();
    }
    let view = job.ended();
    assert_eq!((view.status, view.attempt, view.stop), (Status::Completed, 4, None));
    assert_each_once(&job, "n", 120);
    assert_eq!(job.results_with_superseded().len(), 120, "it had time to save, so nothing was produced again");
    let log = dense_log(&job);
    assert_eq!(host_lines(&log), [], "an orderly end is no crash");
    assert_eq!(log.iter().filter(|line| line.message.starts_with("stopping after")).count(), 3);
    assert!(view.usage.run_time_ms >= 120 * 10, "{:?}", view.usage);
}

#[test]
fn jobs_that_wait_are_not_touched_by_a_restart() {
    let mut host = Host::with(&["node.slots=1"]);
    host.has(Guest::Hello);
    let first = host.hostile(json!({ "behaviour": "sleep_for_ever" }));
    first.reaches(Status::Running);
    let waiting: Vec<_> = (0..5).map(|_| host.start_job(&json!({ "module_id": "hello" }))).collect();
    assert!(host.terminate().success());
    host.start_again();
    // They have waited for longer than the one that was put back, so the slot is theirs first.
    for job in &waiting {
        let view = job.ended();
        assert_eq!((view.status, view.attempt, view.results), (Status::Completed, 1, 1));
    }
    first.stop_and_wait();
}

#[test]
fn a_second_signal_ends_the_host_at_once_and_the_jobs_go_on_all_the_same() {
    let mut host = Host::start();
    let job = host
        .hostile_with(json!({ "behaviour": "honour_stop_request", "dally_ms": 60_000 }), json!({ "stop_grace": "9s" }));
    job.says("waiting for a stop request");
    host.signal(rustix::process::Signal::TERM);
    // The module has seen the first signal when its line is on the way; the log cannot be asked any more.
    std::thread::sleep(Duration::from_millis(300));
    let asked = std::time::Instant::now();
    host.terminate();
    assert!(asked.elapsed() < Duration::from_secs(8), "it took {:?} with a grace of 9 s", asked.elapsed());
    host.start_again();
    job.until("the second attempt", |job| job.attempt == 2 && job.status == Status::Running);
}
