//! Stop requests: what they answer, and how the job ends.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::harness::{Host, Shared, Status, StopAnswer, eventually};

static HOST: Shared = Shared::new();

#[test]
fn a_running_job_that_listens_is_stopped_with_its_last_checkpoint() {
    let host = HOST.host();
    let job = host.hostile(json!({"behaviour": "honour_stop_request"}));
    job.says("waiting for a stop request");
    assert_eq!(job.stop_and_wait(), StopAnswer { stopped: true, status: Status::Stopped });
    let shown = job.show();
    let stop = shown.stop.clone().expect("a stopped job says why");
    assert_eq!((shown.status, stop.reason.as_str(), stop.forced), (Status::Stopped, "requested", false));
    assert!(shown.checkpoint_saved_at.is_some() && shown.finished_at.is_some() && shown.error.is_none());
    assert_eq!(job.messages(), ["waiting for a stop request", "asked to stop"]);
}

#[test]
fn a_stop_without_waiting_is_answered_at_once_and_done_soon() {
    let host = HOST.host();
    let job = host.hostile(json!({"behaviour": "honour_stop_request", "dally_ms": 1500}));
    job.says("waiting for a stop request");
    let asked = Instant::now();
    let answer = job.stop();
    assert!(asked.elapsed() < Duration::from_millis(1500), "answered before the end");
    assert_eq!(answer, StopAnswer { stopped: true, status: Status::Running });
    job.reaches(Status::Stopped);
}

#[test]
fn a_pending_job_is_stopped_at_once_and_never_starts() {
    let host = Host::with(&["node.slots=1"]);
    let first = host.hostile(json!({"behaviour": "sleep_for_ever"}));
    first.reaches(Status::Running);
    let second = host.hostile(json!({"behaviour": "count"}));
    assert_eq!(second.stop(), StopAnswer { stopped: true, status: Status::Stopped });
    let third = host.hostile(json!({"behaviour": "count"}));
    assert_eq!(third.stop_and_wait(), StopAnswer { stopped: true, status: Status::Stopped });
    first.stop_and_wait();
    let fourth = host.hostile(json!({"behaviour": "count"}));
    fourth.reaches(Status::Completed);
    for job in [second, third] {
        let shown = job.show();
        assert_eq!((shown.status, shown.attempt, shown.last_log_seq), (Status::Stopped, 0, 0));
        assert_eq!(shown.stop.map(|stop| (stop.reason, stop.forced)), Some(("requested".to_owned(), false)));
    }
}

#[test]
fn a_stop_after_the_end_changes_nothing_and_says_so() {
    let host = HOST.host();
    for (inputs, status) in
        [(json!({"behaviour": "count"}), Status::Completed), (json!({"behaviour": "fail_permanently"}), Status::Failed)]
    {
        let job = host.hostile(inputs);
        let ended = job.reaches(status);
        assert_eq!(job.stop(), StopAnswer { stopped: false, status });
        assert_eq!(job.stop_and_wait(), StopAnswer { stopped: false, status });
        assert_eq!(job.show(), ended);
    }
    let job = host.hostile(json!({"behaviour": "sleep_for_ever"}));
    job.reaches(Status::Running);
    job.stop_and_wait();
    assert!(!job.stop().stopped, "the second request came after the end");
    // `wait=true` says whether the job is stopped, whoever asked first.
    assert_eq!(job.stop_and_wait().status, Status::Stopped);
}

#[test]
fn a_job_that_ignores_the_request_is_forced_after_its_grace() {
    let host = HOST.host();
    for behaviour in ["spin", "ignore_stop_request", "park_in_wasi"] {
        let job = host.hostile_with(json!({"behaviour": behaviour}), json!({"stop_grace": "1s"}));
        job.reaches(Status::Running);
        let asked = Instant::now();
        assert_eq!(job.stop_and_wait(), StopAnswer { stopped: true, status: Status::Stopped }, "{behaviour}");
        let took = asked.elapsed();
        assert!(took >= Duration::from_millis(900), "{behaviour} had no grace: {took:?}");
        assert!(took < Duration::from_secs(10), "{behaviour} took {took:?}");
        assert_eq!(job.show().stop.map(|stop| stop.forced), Some(true), "{behaviour}");
    }
}

#[test]
fn a_job_that_completes_without_seeing_the_request_is_completed() {
    let host = HOST.host();
    let job = host.hostile(json!({"behaviour": "finish_unaware", "work_ms": 1000}));
    job.says("working");
    let answer = job.stop_and_wait();
    assert_eq!(answer, StopAnswer { stopped: false, status: Status::Completed });
    assert_eq!(job.show().stop, None);
}

#[test]
fn a_failure_after_seeing_the_request_is_a_stop_and_without_seeing_it_a_failure() {
    let host = HOST.host();
    for ending in ["permanent", "retryable", "trap"] {
        let job = host.hostile(json!({"behaviour": "honour_stop_request", "ending": ending}));
        job.says("waiting for a stop request");
        assert_eq!(job.stop_and_wait().status, Status::Stopped, "{ending} after seeing it");
    }
    for ending in ["permanent", "trap"] {
        let job = host.hostile(json!({"behaviour": "finish_unaware", "work_ms": 700, "ending": ending}));
        job.says("working");
        assert_eq!(job.stop_and_wait().status, Status::Failed, "{ending} without seeing it");
    }
    let job = host.hostile(json!({"behaviour": "finish_unaware", "work_ms": 700, "ending": "retryable"}));
    job.says("working");
    assert_eq!(job.stop_and_wait().status, Status::Stopped, "never retried after a request");
}

#[test]
fn the_duration_limit_stops_a_job_and_says_so_in_its_log() {
    let host = HOST.host();
    for (inputs, forced) in [(json!({"behaviour": "honour_stop_request"}), false), (json!({"behaviour": "spin"}), true)]
    {
        let job = host.hostile_with(inputs, json!({"max_duration": "1s", "stop_grace": "500ms"}));
        let shown = job.reaches(Status::Stopped);
        let stop = shown.stop.expect("a stopped job says why");
        assert_eq!((stop.reason.as_str(), stop.forced), ("duration-limit", forced));
        assert!(shown.usage.run_time_ms >= 900 && shown.usage.run_time_ms < 10_000, "{:?}", shown.usage);
        let line = job.says("Duration limit reached");
        assert_eq!((line.level, line.source), (crate::harness::Level::Warn, crate::harness::Source::Host));
    }
}

#[test]
fn the_host_answers_quickly_while_guests_spin() {
    let host = Host::start();
    let spinning: Vec<_> =
        (0..2).map(|_| host.hostile_with(json!({"behaviour": "spin"}), json!({"stop_grace": "0s"}))).collect();
    for job in &spinning {
        job.reaches(Status::Running);
    }
    // The best of some tries: what others do to this machine is not the host's fault.
    eventually("the status within 50 ms", || {
        let asked = Instant::now();
        let status = host.status();
        assert_eq!((status.jobs.running, status.running.len()), (2, 2));
        (asked.elapsed() < Duration::from_millis(50)).then_some(())
    });
    for job in &spinning {
        assert!(job.stop_and_wait().stopped);
    }
}
