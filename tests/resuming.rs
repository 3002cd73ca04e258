//! Resuming stopped and failed jobs: checkpoints, results that count once, versions.

use cofferdam_text_guest::TextGuest;
use serde_json::{Value, json};

use crate::harness::{Guest, Host, Job, ResultRow, Shared, Status};

static HOST: Shared = Shared::new();

fn numbers(rows: &[ResultRow]) -> Vec<u64> {
    rows.iter().map(|row| row.data["n"].as_u64().expect("a number")).collect()
}

/// A counting job that was stopped on its way.
fn stopped_on_its_way(host: &Host) -> (Job, u64) {
    let job = host.hostile(json!({"behaviour": "count", "to": 1_000_000, "pause_ms": 5}));
    job.until("some checkpoints are saved", |job| job.results >= 3);
    job.stop_and_wait();
    let checkpoint: Value = job.get("/checkpoint").read(200);
    let reached = checkpoint["checkpoint"]["n"].as_u64().expect("a number");
    (job, reached)
}

#[test]
fn a_stopped_job_goes_on_after_its_last_checkpoint_and_each_result_is_there_once() {
    let host = HOST.host();
    let (job, reached) = stopped_on_its_way(&host);
    assert_eq!(numbers(&job.results()), (1..=reached).collect::<Vec<_>>());
    let resumed = job.go_on();
    assert!(matches!(resumed.status, Status::Pending | Status::Running));
    assert_eq!((resumed.finished_at, resumed.stop), (None, None));
    job.says(&format!("attempt 2 goes on after {reached}"));
    job.until("more results", |job| job.results > reached + 2);
    job.stop_and_wait();
    let results = job.results();
    assert_eq!(numbers(&results), (1..=results.len() as u64).collect::<Vec<_>>());
    assert!(results.iter().all(|row| !row.superseded && !row.provisional));
    crate::harness::assert_dense(&job.log());
}

#[test]
fn a_given_checkpoint_replaces_the_stored_one_and_leaves_final_results() {
    let host = HOST.host();
    let (job, reached) = stopped_on_its_way(&host);
    let before = job.results();
    let inputs = json!({"behaviour": "count", "to": 1_000_003});
    job.resume(&json!({"checkpoint": {"n": 1_000_000, "attempt": 9}, "inputs": inputs})).expect(200);
    assert_eq!(job.reaches(Status::Completed).inputs["to"], 1_000_003);
    let after = numbers(&job.results());
    assert_eq!(after[..before.len()], (1..=reached).collect::<Vec<_>>());
    assert_eq!(after[before.len()..], [1_000_001, 1_000_002, 1_000_003]);
}

#[test]
fn a_null_checkpoint_starts_over_and_supersedes_everything() {
    let host = HOST.host();
    let (job, reached) = stopped_on_its_way(&host);
    job.resume(&json!({"checkpoint": null, "inputs": {"behaviour": "count", "to": 2}})).expect(200);
    job.reaches(Status::Completed);
    assert_eq!(numbers(&job.results()), [1, 2]);
    assert!(job.results().iter().all(|row| row.attempt == 2 && !row.provisional && !row.superseded));
    let all = job.results_with_superseded();
    assert_eq!(all.len() as u64, reached + 2);
    assert!(all.iter().take(usize::try_from(reached).unwrap()).all(|row| row.superseded && row.attempt == 1));
    assert!(all.iter().map(|row| row.seq).eq(1..=reached + 2), "results are numbered without a hole");
    job.says("attempt 2 goes on after 0");
}

#[test]
fn an_empty_body_is_the_same_as_nothing_to_change() {
    let host = HOST.host();
    let (job, reached) = stopped_on_its_way(&host);
    let request = crate::harness::Request::new("POST", &job.path("/resume"));
    host.send(request).expect(200);
    job.says(&format!("attempt 2 goes on after {reached}"));
    job.stop_and_wait();
}

#[test]
fn a_failed_job_can_be_resumed_with_other_inputs() {
    let host = HOST.host();
    let job = host.hostile(json!({"behaviour": "fail_permanently"}));
    job.reaches(Status::Failed);
    let resumed = job.resume(&json!({"inputs": {"behaviour": "count", "to": 2}})).expect(200);
    let resumed: Value = resumed.read(200);
    assert_eq!((&resumed["error"], &resumed["finished_at"]), (&Value::Null, &Value::Null));
    assert_eq!(job.reaches(Status::Completed).attempt, 2);
    assert_eq!(numbers(&job.results()), [1, 2]);
}

#[test]
fn what_is_resumed_is_checked_like_what_is_started() {
    let host = HOST.host();
    let job = host.hostile(json!({"behaviour": "fail_permanently"}));
    job.reaches(Status::Failed);
    let problem = job.resume(&json!({"inputs": {"behaviour": "no such thing"}})).problem(422, "schema_violation");
    assert!(problem.errors[0].pointer.starts_with("/inputs"), "{:?}", problem.errors);
    let problem = job.resume(&json!({"max_duration": "0s"})).problem(422, "zero_duration");
    assert_eq!(problem.errors[0].pointer, "/max_duration");
    let problem = job.resume(&json!({"checkpoint": 5})).problem(400, "invalid_field");
    assert_eq!(problem.errors[0].pointer, "/checkpoint");
    job.resume(&json!({"checkpont": {}})).problem(400, "invalid_field");
    assert_eq!(job.show().status, Status::Failed, "a refused resume changes nothing");
}

#[test]
fn pending_running_and_completed_jobs_are_not_resumable() {
    let host = Host::with(&["node.slots=1"]);
    let running = host.hostile(json!({"behaviour": "sleep_for_ever"}));
    running.reaches(Status::Running);
    let pending = host.hostile(json!({"behaviour": "count"}));
    for (job, word) in [(&running, "running"), (&pending, "pending")] {
        let problem = job.resume(&json!({})).problem(409, "not_resumable");
        assert!(problem.detail.contains(word), "{}", problem.detail);
    }
    running.stop_and_wait();
    pending.reaches(Status::Completed);
    let problem = pending.resume(&json!({"checkpoint": null})).problem(409, "not_resumable");
    assert!(problem.detail.contains("completed"), "{}", problem.detail);
}

#[test]
fn a_resume_may_move_to_another_version_of_the_module_but_not_to_another_module() {
    let host = HOST.host();
    host.has(Guest::Hello);
    let job = host.hostile(json!({"behaviour": "fail_permanently"}));
    let failed = job.reaches(Status::Failed);
    let problem = job.resume(&json!({"module_id": "hello"})).problem(422, "other_module");
    assert!(problem.detail.contains("hello") && problem.detail.contains("hostile"), "{}", problem.detail);
    job.resume(&json!({"module_id": "hostile@9.9.9"})).problem(404, "unknown_module");

    host.upload(&TextGuest::new("hostile", "0.0.9").component()).expect(201);
    job.resume(&json!({"module_id": "hostile@0.0.9"})).expect(200);
    let moved = job.reaches(Status::Completed);
    assert_eq!((moved.module.name.as_str(), moved.module.version.as_str()), ("hostile", "0.0.9"));
    assert_ne!(moved.module.digest, failed.module.digest);
}

#[test]
fn a_resume_starts_a_new_budget_of_run_time() {
    let host = HOST.host();
    let job = host.hostile_with(json!({"behaviour": "sleep_for_ever"}), json!({"max_duration": "700ms"}));
    job.reaches(Status::Stopped);
    job.resume(&json!({"max_duration": "1h"})).expect(200);
    let running = job.reaches(Status::Running);
    assert_eq!(running.max_duration.as_deref(), Some("1h"));
    // Longer than the first budget, and still running.
    std::thread::sleep(std::time::Duration::from_millis(900));
    assert_eq!(job.show().status, Status::Running);
    job.stop_and_wait();
    assert_eq!(job.show().stop.map(|stop| stop.reason).as_deref(), Some("requested"));
}

#[test]
fn the_attempts_of_a_job_say_when_where_and_how_each_ended() {
    let mut host = Host::start();
    let job = host.hostile(json!({"behaviour": "count", "to": 1_000_000, "pause_ms": 5}));
    let of = |part: &str| -> Vec<Value> {
        let page: Value = job.get(&format!("/attempts{part}")).read(200);
        page["attempts"].as_array().expect("a list").clone()
    };
    let outcomes = |attempts: &[Value]| attempts.iter().map(|attempt| attempt["outcome"].clone()).collect::<Vec<_>>();
    job.until("it runs", |view| view.results >= 1);
    assert_eq!(outcomes(&of("")), [Value::Null]);
    host.kill();
    host.start_again();
    job.until("it runs again", |view| view.attempt == 2 && view.results >= 2);
    assert!(host.terminate().success());
    host.start_again();
    job.until("it runs once more", |view| view.attempt == 3 && view.results >= 3);
    job.stop_and_wait();
    let attempts = of("");
    assert_eq!(outcomes(&attempts), ["crashed", "released", "stopped"]);
    let nodes: std::collections::BTreeSet<_> = attempts.iter().map(|attempt| attempt["node"].to_string()).collect();
    assert_eq!(nodes.len(), 3, "each start is another node: {attempts:?}");
    let numbers: Vec<_> = attempts.iter().map(|attempt| attempt["attempt"].clone()).collect();
    assert_eq!(numbers, [1, 2, 3]);
    assert!(attempts.iter().all(|attempt| attempt["ended_at"].as_str() >= attempt["started_at"].as_str()));
    assert_eq!(of("?limit=2"), attempts[..2]);
    assert_eq!(of(&format!("?after={}", attempts[1]["seq"])), attempts[2..]);
    host.get("/v1/jobs/01890a5d-ac96-774b-bcce-b302099a8057/attempts").problem(404, "unknown_job");
}
