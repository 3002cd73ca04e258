//! Keys that jobs share: so many at once, so many in a time, only one.

use serde_json::{Value, json};

use crate::cli::Program;
use crate::harness::{Guest, Host, Job, Request, Status, eventually};

/// A job that runs until it is stopped, with these fields beside.
fn endless(host: &Host, fields: Value) -> Job {
    host.hostile_with(json!({ "behaviour": "honour_stop_request" }), fields)
}

#[test]
fn so_many_jobs_with_a_key_run_at_once_and_the_next_one_starts_when_one_ends() {
    let host = Host::start();
    let queue = json!({ "queue": { "key": "customer-7", "concurrency": 2 } });
    let jobs: Vec<Job> = (0..4).map(|_| endless(&host, queue.clone())).collect();
    jobs[0].reaches(Status::Running);
    jobs[1].reaches(Status::Running);
    // One without a key that came later runs before those that wait.
    host.hostile(json!({ "behaviour": "count", "to": 1 })).ended();
    endless(&host, json!({ "queue": { "key": "customer-8", "concurrency": 1 } })).reaches(Status::Running);
    assert_eq!((jobs[2].show().status, jobs[3].show().status), (Status::Pending, Status::Pending));
    jobs[0].stop_and_wait();
    jobs[2].reaches(Status::Running);
    assert_eq!(jobs[3].show().status, Status::Pending);
    let shown = jobs[3].show().queue.expect("it waits for others");
    assert_eq!(shown, json!({ "key": "customer-7", "concurrency": 2, "rate": null }));
    // A resumed one waits like any.
    jobs[0].go_on();
    jobs[3].stop_and_wait();
    jobs[1].stop_and_wait();
    jobs[0].reaches(Status::Running);
}

#[test]
fn a_queue_survives_a_crash_of_the_host() {
    let mut host = Host::start();
    let queue = json!({ "queue": { "key": "one", "concurrency": 1 } });
    let jobs: Vec<Job> = (0..2).map(|_| endless(&host, queue.clone())).collect();
    jobs[0].reaches(Status::Running);
    host.kill();
    host.start_again();
    let jobs: Vec<Job> = jobs.iter().map(|job| host.job(&job.id)).collect();
    jobs[0].until("it runs again", |job| job.attempt == 2 && job.status == Status::Running);
    assert_eq!(jobs[1].show().status, Status::Pending);
    jobs[0].stop_and_wait();
    jobs[1].reaches(Status::Running);
}

#[test]
fn only_so_many_start_in_a_time() {
    let host = Host::start();
    let queue = json!({ "queue": { "key": "api", "rate": { "limit": 2, "per": "3s" } } });
    let jobs: Vec<Job> =
        (0..4).map(|_| host.hostile_with(json!({ "behaviour": "count", "to": 1 }), queue.clone())).collect();
    let started = |job: &Job| {
        let time = job.ended().started_at.expect("it ran");
        humantime::parse_rfc3339(&time).expect("a time")
    };
    let mut times: Vec<_> = jobs.iter().map(started).collect();
    times.sort_unstable();
    let after = |at: usize| times[at].duration_since(times[0]).expect("in order").as_millis();
    assert!(after(2) >= 1_400 && after(3) >= 2_900, "{times:?}");
}

#[test]
fn a_second_job_with_a_unique_key_is_refused_or_is_the_first() {
    let host = Host::start();
    let first = endless(&host, json!({ "unique": { "key": "import-7" } }));
    assert_eq!(first.show().unique_key.as_deref(), Some("import-7"));
    let again = |on_conflict: &str| {
        let unique = json!({ "key": "import-7", "on_conflict": on_conflict });
        host.post("/v1/jobs", &json!({ "module_id": "hostile", "inputs": { "behaviour": "spin" }, "unique": unique }))
    };
    let problem = again("refuse").problem(409, "not_unique");
    assert!(problem.detail.contains(&first.id), "{problem:?}");
    let known: Value = again("return").read(200);
    assert_eq!(known["id"], first.id.as_str());
    let batch = json!({ "jobs": [{ "module_id": "hostile", "inputs": { "behaviour": "spin" }, "unique": { "key": "import-7" } }] });
    let batch: Value = host.post("/v1/jobs/batch", &batch).read(200);
    assert_eq!(batch["jobs"][0]["error"]["code"], "not_unique");
    // A key is a module's own.
    host.has(Guest::Hello);
    host.start_job(&json!({ "module_id": "hello", "unique": { "key": "import-7" } })).ended();
    first.stop_and_wait();
    let second = endless(&host, json!({ "unique": { "key": "import-7" } }));
    first.resume(&json!({})).problem(409, "not_unique");
    second.stop_and_wait();
    first.go_on();
}

#[test]
fn what_is_wrong_with_a_key_is_told_with_its_place() {
    let host = Host::start();
    host.has(Guest::Hello);
    for (fields, status, code, pointer) in [
        (json!({ "queue": { "key": "" , "concurrency": 1 } }), 400, "invalid_field", "/queue/key"),
        (json!({ "queue": { "key": "schedule:x", "concurrency": 1 } }), 400, "invalid_field", "/queue/key"),
        (json!({ "queue": { "key": "a" } }), 400, "invalid_field", "/queue"),
        (json!({ "queue": "a" }), 400, "invalid_field", "/queue"),
        (json!({ "queue": { "key": "a", "concurrency": 0 } }), 400, "invalid_field", "/queue/concurrency"),
        (
            json!({ "queue": { "key": "a", "rate": { "limit": 1, "per": "0s" } } }),
            422,
            "zero_duration",
            "/queue/rate/per",
        ),
        (
            json!({ "queue": { "key": "a", "rate": { "limit": 1, "per": "1y" } } }),
            422,
            "over_ceiling",
            "/queue/rate/per",
        ),
        (json!({ "unique": { "key": "a", "on_conflict": "wait" } }), 400, "invalid_field", "/unique/on_conflict"),
    ] {
        let mut body = json!({ "module_id": "hello" });
        for (name, value) in fields.as_object().expect("fields") {
            body[name] = value.clone();
        }
        let problem = host.post("/v1/jobs", &body).problem(status, code);
        assert_eq!(problem.errors[0].pointer, pointer, "{problem:?}");
    }
    let schedule = json!({ "name": "a", "cron": "@daily", "overlap": "queue",
        "job": { "module_id": "hello", "queue": { "key": "a", "concurrency": 1 } } });
    let problem = host.post("/v1/schedules", &schedule).problem(400, "invalid_field");
    assert_eq!(problem.errors[0].pointer, "/job/queue");
}

#[test]
fn keys_are_given_on_the_command_line() {
    let host = Host::start();
    host.has(Guest::Hello);
    let keys =
        ["--queue", "customer-7", "--concurrency", "2", "--rate", "10/1m", "--unique", "import", "--or-existing"];
    let id = Program::ask(&host, &[&["job", "start", "hello"], &keys[..]].concat()).expect(0).stdout;
    let view = host.job(id.trim()).ended();
    assert_eq!(view.unique_key.as_deref(), Some("import"));
    assert_eq!(
        view.queue,
        Some(json!({ "key": "customer-7", "concurrency": 2, "rate": { "limit": 10, "per": "1m" } }))
    );
    Program::ask(&host, &["job", "start", "hello", "--queue", "customer-7"]).refused(2, "--concurrency");
    Program::ask(&host, &["job", "start", "hello", "--queue", "a", "--rate", "ten"]).refused(2, "such as 10/1m");
}

#[test]
fn jobs_of_a_schedule_wait_for_each_other_or_take_each_others_place() {
    let host = Host::start();
    host.has(Guest::Hostile);
    let job = json!({ "module_id": "hostile", "inputs": { "behaviour": "honour_stop_request" } });
    for overlap in ["queue", "replace"] {
        let body = json!({ "name": overlap, "cron": "@yearly", "overlap": overlap, "job": job });
        host.post("/v1/schedules", &body).expect(201);
    }
    let run = |name: &str| {
        let job: Value = host.send(Request::new("POST", &format!("/v1/schedules/{name}/run"))).read(201);
        host.job(job["id"].as_str().expect("an id"))
    };
    let [first, second] = [run("queue"), run("queue")];
    first.reaches(Status::Running);
    assert_eq!(second.show().status, Status::Pending);
    first.stop_and_wait();
    second.reaches(Status::Running);
    let first = run("replace");
    first.reaches(Status::Running);
    let second = run("replace");
    let [first, second] = [first.ended(), second.reaches(Status::Running)];
    assert_eq!(first.status, Status::Stopped);
    assert!(second.started_at >= first.finished_at, "never two at once: {first:?}, {second:?}");
    eventually("the schedule shows it", || {
        let shown: Value = host.get("/v1/schedules/replace").read(200);
        (shown["last_run"]["job_id"] == second.id.as_str()).then_some(())
    });
}
