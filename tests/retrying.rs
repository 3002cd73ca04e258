//! Jobs that are tried again, and jobs that wait for their time.

use std::time::{Duration, SystemTime};

use serde_json::{Value, json};

use crate::harness::{Guest, Host, Job, Shared, Status};

static HOST: Shared = Shared::new();

fn retrying(host: &Host, succeeds_at_attempt: Option<u32>, retry: &Value) -> Job {
    let inputs = json!({"behaviour": "fail_retryably", "succeeds_at_attempt": succeeds_at_attempt});
    host.hostile_with(inputs, json!({ "retry": retry }))
}

#[test]
fn a_failure_that_passes_is_tried_again_until_it_has_passed() {
    let host = HOST.host();
    let job = retrying(&host, Some(3), &json!({"max_attempts": 3, "backoff": "20ms"}));
    let view = job.ended();
    assert_eq!((view.status, view.attempt, view.retries), (Status::Completed, 3, 2));
    assert_eq!((view.error, view.run_after), (None, None));
    let log = job.messages();
    let told = |start: &str, end: &str| log.iter().any(|line| line.starts_with(start) && line.ends_with(end));
    assert!(told("Failure 1 of 3, tried again in ", ": attempt 1 failed for now"), "{log:?}");
    assert!(told("Failure 2 of 3, tried again in ", ": attempt 2 failed for now"), "{log:?}");
}

#[test]
fn the_last_failure_is_for_good_and_a_resume_counts_anew() {
    let host = HOST.host();
    let job = retrying(&host, None, &json!({"max_attempts": 2, "backoff": "20ms"}));
    let view = job.ended();
    assert_eq!((view.status, view.attempt, view.retries), (Status::Failed, 2, 1));
    assert_eq!(view.error.expect("it failed").message, "attempt 2 failed for now");
    assert_eq!(job.go_on().retries, 0);
    let view = job.ended();
    assert_eq!((view.status, view.attempt, view.retries), (Status::Failed, 4, 1));
}

#[test]
fn what_will_not_pass_is_not_tried_again() {
    let host = HOST.host();
    for behaviour in ["fail_permanently", "trap_unreachable"] {
        let job = host.hostile_with(json!({"behaviour": behaviour}), json!({"retry": {"max_attempts": 5}}));
        let view = job.ended();
        assert_eq!((view.status, view.attempt, view.retries), (Status::Failed, 1, 0), "{behaviour}");
    }
}

#[test]
fn a_job_that_waits_to_be_tried_again_says_until_when_and_can_be_stopped() {
    let host = HOST.host();
    let job = retrying(&host, Some(2), &json!({"max_attempts": 2, "backoff": "1h"}));
    let view = job.until("it waits", |job| job.retries == 1);
    assert_eq!((view.status, view.retry), (Status::Pending, json!({"max_attempts": 2, "backoff": "1h"})));
    let wait = seconds_until(&view.run_after.expect("it says until when"));
    assert!((29 * 60..=91 * 60).contains(&wait), "{wait} s");
    assert!(job.stop_and_wait().stopped);
    assert_eq!(job.show().run_after, None);
    job.go_on();
    assert_eq!(job.ended().status, Status::Completed, "a resume does not wait");
}

#[test]
fn a_job_starts_at_its_time() {
    let host = HOST.host();
    let start = |time: SystemTime| {
        let run_after = humantime::format_rfc3339_millis(time).to_string();
        host.hostile_with(json!({"behaviour": "count", "to": 1}), json!({ "run_after": run_after }))
    };
    let now = now();
    let (late, soon, past) = (
        start(now + Duration::from_hours(1)),
        start(now + Duration::from_millis(1500)),
        start(now - Duration::from_hours(1)),
    );
    assert_eq!(past.ended().status, Status::Completed);
    let started = humantime::parse_rfc3339(&soon.ended().started_at.expect("it ran")).expect("a time");
    assert!(started >= now + Duration::from_millis(1499), "{started:?}");
    let view = late.show();
    assert_eq!((view.status, view.attempt), (Status::Pending, 0));
    assert!(seconds_until(&view.run_after.expect("it waits")) > 3000);
    assert!(late.stop_and_wait().stopped);
}

#[test]
fn a_policy_out_of_bounds_is_refused_with_the_bound() {
    let host = HOST.host();
    host.has(Guest::Hostile);
    for (retry, status, code, pointer, words) in [
        (json!({"max_attempts": 0}), 400, "invalid_field", "/retry/max_attempts", "from 1 to 1000"),
        (json!({"max_attempts": 1001}), 400, "invalid_field", "/retry/max_attempts", "from 1 to 1000"),
        (json!({"max_attempts": 2, "backoff": "25h"}), 422, "over_ceiling", "/retry/backoff", "at most 1day"),
        (json!({"max_attempts": 2, "pause": "5s"}), 400, "invalid_field", "/retry/pause", "`backoff`"),
    ] {
        let problem = host
            .post("/v1/jobs", &json!({"module_id": "hostile", "inputs": {"behaviour": "count"}, "retry": retry}))
            .problem(status, code);
        assert_eq!(problem.errors[0].pointer, pointer, "{retry}");
        assert!(problem.detail.contains(words), "{retry}: {}", problem.detail);
    }
}

#[expect(clippy::disallowed_methods, reason = "the host's own clock is the machine's")]
fn now() -> SystemTime {
    SystemTime::now()
}

fn seconds_until(time: &str) -> u64 {
    let time = humantime::parse_rfc3339(time).expect("a time");
    time.duration_since(now()).map_or(0, |wait| wait.as_secs())
}
