//! Priorities, labels, idempotency keys and batches: which job is next, how it is found again, and what comes twice.

use std::slice::from_ref;

use serde_json::{Value, json};

use crate::harness::{Answer, Guest, Host, Job, Request, Shared, SharedHost, Status};

static HOST: Shared = Shared::new();

fn host() -> SharedHost {
    let host = HOST.host();
    host.has(Guest::Hello);
    host
}

fn greeting(name: &str) -> Value {
    json!({ "module_id": "hello", "inputs": { "name": name } })
}

/// Starts a job under a key.
fn keyed(host: &Host, key: &str, body: &Value) -> Answer {
    host.send(Request::new("POST", "/v1/jobs").header("idempotency-key", key).json(body))
}

fn id_of(job: &Value) -> String {
    job["id"].as_str().expect("an id").to_owned()
}

#[test]
fn of_the_jobs_that_wait_the_highest_priority_starts_first_and_then_the_oldest() {
    let host = Host::with(&["node.slots=1"]);
    host.has(Guest::Hello);
    let first = host.hostile(json!({ "behaviour": "sleep_for_ever" }));
    first.reaches(Status::Running);
    let start = |priority: i64| {
        let job = host.start_job(&json!({ "module_id": "hello", "priority": priority }));
        assert_eq!((job.show().status, job.show().priority), (Status::Pending, priority));
        job
    };
    let jobs = [start(0), start(-5), start(7), start(0), start(1000)];
    first.stop_and_wait();
    let started = |job: &Job| {
        job.reaches(Status::Completed);
        job.log()[0].time.clone()
    };
    let times = jobs.each_ref().map(started);
    let mut order = [0, 1, 2, 3, 4];
    order.sort_by_key(|at| &times[*at]);
    assert_eq!(order, [4, 2, 0, 3, 1], "{times:?}");
}

#[test]
fn jobs_are_found_by_their_labels() {
    let host = host();
    let start = |labels: Value| {
        let job = host.start_job(&json!({ "module_id": "hello", "labels": labels.clone() }));
        let shown = job.reaches(Status::Completed);
        assert_eq!(json!(shown.labels), labels);
        shown.id
    };
    let one = start(json!({ "team": "billing", "stage": "test" }));
    let two = start(json!({ "team": "billing", "stage": "live", "note": "ü = 'x' \"y\" %" }));
    let three = start(json!({ "team": "search" }));
    let found = |query: &str| {
        let page: Value = host.get(&format!("/v1/jobs?{query}")).read(200);
        page["jobs"].as_array().expect("a list").iter().map(id_of).collect::<Vec<_>>()
    };
    assert_eq!(found("labels=team=billing"), [two.clone(), one.clone()]);
    assert_eq!(found("labels=team%3Dbilling,stage%3Dtest"), from_ref(&one));
    assert_eq!(found("labels=team=search&status=completed&module_id=hello"), [three]);
    assert_eq!(found("labels=team=search&status=failed"), [""; 0]);
    assert_eq!(found("labels=note=%C3%BC%20%3D%20'x'%20%22y%22%20%25"), from_ref(&two));
    let digest = host.job(&one).show().module.digest;
    assert_eq!(found(&format!("labels=stage=live&module_id={digest}")), from_ref(&two));
    // Page by page.
    let page: Value = host.get("/v1/jobs?labels=team=billing&limit=1").read(200);
    assert_eq!(id_of(&page["jobs"][0]), two);
    let cursor = page["next_cursor"].as_str().expect("there is more");
    assert_eq!(found(&format!("labels=team=billing&limit=1&cursor={cursor}")), from_ref(&one));
    // A deleted job takes its labels along.
    host.job(&one).delete().expect(204);
    assert_eq!(found("labels=team=billing"), [two]);
    for wrong in ["team", "=a", "a%20b=c", "a=b,", ""] {
        host.get(&format!("/v1/jobs?labels={wrong}")).problem(400, "invalid_query");
    }
}

#[test]
fn a_key_that_comes_again_answers_the_job_that_it_started() {
    let host = host();
    let first: Value = keyed(&host, "order-1", &greeting("Ada")).read(201);
    let job = host.job(&id_of(&first));
    job.reaches(Status::Completed);
    let again = keyed(&host, "order-1", &greeting("Ada"));
    assert_eq!(again.header("location"), format!("/v1/jobs/{}", job.id));
    let again: Value = again.read(200);
    assert_eq!((&again["id"], &again["status"]), (&first["id"], &json!("completed")));
    let other = keyed(&host, "order-1", &greeting("Bob")).problem(422, "idempotency_key_reused");
    assert!(other.detail.contains("used for another request"), "{}", other.detail);
    assert_ne!(id_of(&keyed(&host, "order-2", &greeting("Ada")).read(201)), job.id);
    job.delete().expect(204);
    let gone = keyed(&host, "order-1", &greeting("Ada")).problem(422, "idempotency_key_reused");
    assert!(gone.detail.contains(&job.id) && gone.detail.contains("deleted"), "{}", gone.detail);
    for key in ["", "a b", "ä", &"k".repeat(256)] {
        keyed(&host, key, &greeting("Ada")).problem(400, "invalid_header");
    }
    // A request that was refused has used no key.
    keyed(&host, "order-3", &json!({ "module_id": "nobody" })).problem(404, "unknown_module");
    keyed(&host, "order-3", &greeting("Ada")).expect(201);
}

#[test]
fn of_many_requests_with_one_key_one_starts_a_job() {
    let host = host();
    let ids: Vec<String> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..16)
            .map(|_| {
                scope.spawn(|| {
                    let answer = keyed(&host, "all-at-once", &greeting("Ada"));
                    assert!(matches!(answer.status, 200 | 201), "{}", answer.text());
                    id_of(&serde_json::from_str(&answer.text()).expect("a job"))
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().expect("an answer")).collect()
    });
    assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
}

#[test]
fn a_batch_starts_what_fits_and_says_what_does_not_in_the_same_order() {
    let host = host();
    let jobs = json!([greeting("Ada"), { "module_id": "nobody" }, { "module_id": 5 }, { "module_id": "hello", "inputs": { "name": 5 } },
        { "module_id": "hello", "labels": { "batch": "one" } }]);
    let answer: Value = host.post("/v1/jobs/batch", &json!({ "jobs": jobs })).read(200);
    let answers = answer["jobs"].as_array().expect("a list");
    assert_eq!(answers.len(), 5);
    let code = |at: usize| (answers[at]["error"]["code"].clone(), answers[at]["error"]["status"].clone());
    assert_eq!(code(1), (json!("unknown_module"), json!(404)));
    assert_eq!(code(2), (json!("invalid_field"), json!(400)));
    assert_eq!(code(3), (json!("schema_violation"), json!(422)));
    assert_eq!(answers[3]["error"]["errors"][0]["pointer"], "/inputs/name");
    let job = host.job(&id_of(&answers[0]));
    job.reaches(Status::Completed);
    assert_eq!(job.messages(), ["Hello, Ada!"]);
    assert_eq!(host.job(&id_of(&answers[4])).reaches(Status::Completed).labels["batch"], "one");
    let problem = host.post("/v1/jobs/batch", &json!({ "jobs": [greeting("Ada"), 5] })).problem(400, "invalid_field");
    assert_eq!(problem.errors[0].pointer, "/jobs/1");
    let none: Value = host.post("/v1/jobs/batch", &json!({ "jobs": [] })).read(200);
    assert_eq!(none, json!({ "jobs": [] }));
    let many: Vec<Value> = (0..1000).map(|_| json!({ "module_id": "hello" })).collect();
    let answer: Value = host.post("/v1/jobs/batch", &json!({ "jobs": many })).read(200);
    assert!(answer["jobs"].as_array().expect("a list").iter().all(|job| job["id"].is_string()));
    let more = [many, vec![greeting("Ada")]].concat();
    let problem = host.post("/v1/jobs/batch", &json!({ "jobs": more })).problem(400, "invalid_field");
    assert!(problem.detail.contains("at most 1000"), "{}", problem.detail);
}
