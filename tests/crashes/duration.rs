//! The duration limit is one budget over all attempts, however often the host ends in between.

use std::time::{Duration, Instant};

use serde_json::json;

use super::ledger::{assert_each_once, dense_log, host_lines, restarted};
use crate::harness::{Host, Level, Status};

const LIMIT: Duration = Duration::from_secs(8);
/// What each kill can give back.
const HEARTBEAT: Duration = Duration::from_secs(1);
/// One second by the host's promise, the rest because the machine runs other tests meanwhile.
const LATE: Duration = Duration::from_secs(1 + 5);

#[test]
fn the_duration_limit_holds_over_three_orderly_restarts_and_two_kills() {
    let mut host = Host::start();
    let inputs = json!({ "behaviour": "count", "to": 100_000, "pause_ms": 20 });
    let job = host.hostile_with(inputs, json!({ "max_duration": "8s" }));
    let mut running = Duration::ZERO;
    for is_orderly in [true, false, true, false, true] {
        job.reaches(Status::Running);
        let since = Instant::now();
        std::thread::sleep(Duration::from_millis(1_200));
        if is_orderly {
            assert!(host.terminate().success());
        } else {
            host.kill();
        }
        running += since.elapsed();
        host.start_again();
    }
    let since = Instant::now();
    let view = job.ended();
    running += since.elapsed();

    let stop = view.stop.as_ref().expect("it is stopped");
    assert_eq!((view.status, stop.reason.as_str(), stop.forced), (Status::Stopped, "duration-limit", false));
    assert_eq!(view.attempt, 6);
    let counted = Duration::from_millis(view.usage.run_time_ms);
    assert!((LIMIT..LIMIT + LATE).contains(&counted), "a run time of {counted:?}");
    assert!(running < LIMIT + 2 * HEARTBEAT + LATE, "it was running for {running:?}");
    let log = dense_log(&job);
    let expected = [(3, restarted(3)), (5, restarted(5)), (6, "Duration limit reached".to_owned())];
    assert_eq!(host_lines(&log), expected.each_ref().map(|(attempt, line)| (*attempt, Level::Warn, line.as_str())));
    assert_each_once_so_far(&job, view.results);
}

/// It saved a checkpoint after each result, also after the last.
#[track_caller]
fn assert_each_once_so_far(job: &crate::harness::Job, results: u64) {
    assert_each_once(job, "n", usize::try_from(results).expect("a short job"));
}

#[test]
fn a_resume_by_hand_is_a_new_budget() {
    let host = Host::start();
    let inputs = json!({ "behaviour": "count", "to": 100_000, "pause_ms": 20 });
    let job = host.hostile_with(inputs, json!({ "max_duration": "400ms" }));
    let first = job.ended();
    job.resume(&json!({ "max_duration": "900ms" })).expect(200);
    let second = job.ended();
    for (view, attempt, least_ms) in [(&first, 1, 400), (&second, 2, 1_300)] {
        assert_eq!((view.status, view.attempt), (Status::Stopped, attempt));
        assert_eq!(view.stop.as_ref().map(|stop| stop.reason.as_str()), Some("duration-limit"));
        assert!(view.usage.run_time_ms >= least_ms, "{:?}", view.usage);
    }
    assert_each_once_so_far(&job, second.results);
    assert!(second.results > first.results);
}
