//! Many jobs resumed, stopped and deleted at once.

use serde_json::{Value, json};

use crate::cli::Program;
use crate::harness::{Client, Guest, Host, Job, Status};

/// So many jobs that fail at once, with a label.
fn failing(host: &Host, count: usize) -> Vec<Job> {
    let job = json!({ "module_id": "hostile", "inputs": { "behaviour": "panic" }, "labels": { "batch": "seven" } });
    host.has(Guest::Hostile);
    let batch: Value = host.post("/v1/jobs/batch", &json!({ "jobs": vec![job; count] })).read(200);
    let jobs = batch["jobs"].as_array().expect("a list");
    let jobs: Vec<_> = jobs.iter().map(|job| host.job(job["id"].as_str().expect("an id"))).collect();
    for job in &jobs {
        job.reaches(Status::Failed);
    }
    jobs
}

#[test]
fn failed_jobs_are_resumed_at_once_and_the_answer_says_how_many_remain() {
    let host = Host::start();
    let jobs = failing(&host, 5);
    let other = host.hostile(json!({ "behaviour": "count", "to": 1 }));
    other.ended();
    let ask = |body: Value| -> Value { host.post("/v1/jobs/resume", &body).read(200) };
    let first = ask(json!({ "status": "failed", "module_id": "hostile", "labels": "batch=seven", "limit": 3 }));
    assert_eq!((&first["done"], &first["remaining"], &first["refused"]), (&json!(3), &json!(2), &json!([])));
    let rest = ask(json!({ "status": "failed", "labels": "batch=seven", "cursor": first["next_cursor"] }));
    assert_eq!((&rest["done"], &rest["remaining"], &rest["next_cursor"]), (&json!(2), &json!(0), &Value::Null));
    for job in &jobs {
        job.until("it runs and fails again", |job| job.attempt == 2 && job.status == Status::Failed);
    }
    assert_eq!(other.show().attempt, 1);
    let unknown = "01890a5d-ac96-774b-bcce-b302099a8057";
    let named = ask(json!({ "ids": [jobs[0].id, other.id, unknown] }));
    assert_eq!(named["done"], 1);
    let refused: Vec<_> =
        named["refused"].as_array().expect("a list").iter().map(|one| &one["error"]["code"]).collect();
    assert_eq!(refused, ["not_resumable", "unknown_job"]);
}

#[test]
fn what_is_meant_has_to_be_said() {
    let host = Host::start();
    for (path, body, pointer) in [
        ("resume", json!({}), "/ids"),
        ("delete", json!({ "limit": 5 }), "/ids"),
        ("resume", json!({ "status": "running" }), "/status"),
        ("stop", json!({ "status": "failed" }), "/status"),
        ("delete", json!({ "ids": [] }), "/ids"),
        ("stop", json!({ "ids": ["01890a5d-ac96-774b-bcce-b302099a8057"], "status": "running" }), "/ids"),
        ("stop", json!({ "status": "running", "limit": 1_001 }), "/limit"),
        ("stop", json!({ "state": "running" }), "/state"),
    ] {
        let problem = host.post(&format!("/v1/jobs/{path}"), &body).problem(400, "invalid_field");
        assert_eq!(problem.errors[0].pointer, pointer, "{problem:?}");
    }
}

#[test]
fn a_token_for_some_modules_reaches_no_jobs_of_others() {
    let mut host = Host::start();
    let hidden = failing(&host, 2);
    host.lock();
    let hidden: Vec<Job> = hidden.iter().map(|job| host.job(&job.id)).collect();
    let (secret, _) = host.make_token(&json!({ "name": "ci", "scopes": ["jobs:write"], "modules": ["hello"] }));
    let client = Client::new(host.address()).with_token(&secret);
    let all: Value = client.post("/v1/jobs/delete", &json!({ "status": "failed" })).read(200);
    assert_eq!((&all["done"], &all["remaining"]), (&json!(0), &json!(0)));
    let named: Value = client.post("/v1/jobs/delete", &json!({ "ids": [hidden[0].id] })).read(200);
    assert_eq!((&named["done"], &named["refused"][0]["error"]["code"]), (&json!(0), &json!("unknown_job")));
    assert_eq!(hidden[0].show().status, Status::Failed);
}

#[test]
fn many_jobs_are_resumed_stopped_and_deleted_from_the_command_line() {
    let host = Host::start();
    let jobs = failing(&host, 3);
    let resumed =
        Program::ask(&host, &["job", "resume", "--status", "failed", "--module", "hostile", "--json"]).expect(0);
    assert_eq!(resumed.lines()[0]["done"], 3);
    for job in &jobs {
        job.until("it has run again", |job| job.attempt == 2 && job.status == Status::Failed);
    }
    let running: Vec<Job> = (0..2).map(|_| host.hostile(json!({ "behaviour": "honour_stop_request" }))).collect();
    for job in &running {
        job.reaches(Status::Running);
    }
    Program::ask(&host, &["job", "stop", "--module", "hostile"]).expect(0);
    for job in &running {
        assert_eq!(job.ended().status, Status::Stopped);
    }
    Program::ask(&host, &["job", "delete", "--label", "batch=seven"]).expect(0);
    jobs[0].get("").problem(404, "unknown_job");
    running[0].get("").expect(200);
    Program::ask(&host, &["job", "stop"]).refused(2, "no job is named");
    Program::ask(&host, &["job", "resume", "--status", "failed", "--inputs", "{}"]).refused(2, "with what they had");
}
