//! A stop request is kept whoever dies, and what its answer says is what is stored.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use crate::harness::{Client, Guest, Host, Request, Status, StopAnswer, eventually};

/// Jobs that are raced.
const RACES: u64 = 300;

#[test]
fn a_stop_request_outlives_the_host() {
    let mut host = Host::start();
    let job = host.hostile_with(json!({ "behaviour": "spin" }), json!({ "stop_grace": "1m" }));
    job.reaches(Status::Running);
    let answer = job.stop();
    assert_eq!((answer.stopped, answer.status), (true, Status::Running));
    host.kill();
    for _ in 0..2 {
        host.start_again();
        let view = job.show();
        let stop = view.stop.expect("it is stopped");
        assert_eq!((view.status, view.attempt, stop.reason.as_str()), (Status::Stopped, 1, "requested"));
        assert!(view.finished_at.is_some());
        host.kill();
    }
}

#[test]
fn a_stop_raced_against_completion_answers_what_is_stored() {
    let host = Host::start();
    host.has(Guest::Hostile);
    let client = Client::clone(&host);
    let next = AtomicU64::new(0);
    let seen: BTreeSet<Status> = thread::scope(|scope| {
        let racers: Vec<_> = (0..4).map(|_| scope.spawn(|| race_all(&client, &next))).collect();
        racers.into_iter().flat_map(|racer| racer.join().expect("every race ended well")).collect()
    });
    assert!(seen.contains(&Status::Stopped) && seen.contains(&Status::Completed), "no race at all: {seen:?}");
    let counts = host.status().jobs;
    assert_eq!((counts.completed + counts.stopped, counts.failed + counts.pending + counts.running), (RACES, 0));
}

fn race_all(client: &Client, next: &AtomicU64) -> BTreeSet<Status> {
    let mut seen = BTreeSet::new();
    loop {
        let number = next.fetch_add(1, Ordering::SeqCst);
        if number >= RACES {
            return seen;
        }
        seen.insert(race(client, number));
    }
}

/// Starts a job that takes some tens of milliseconds and stops it: the first of ten at once, the last after its end,
/// the others at some moment between.
fn race(client: &Client, number: u64) -> Status {
    let inputs = json!({ "behaviour": "count", "to": 3, "pause_ms": 10 });
    let job: Value = client.post("/v1/jobs", &json!({ "module_id": "hostile", "inputs": inputs })).read(201);
    let path = format!("/v1/jobs/{}", job["id"].as_str().expect("a job has an id"));
    match number % 10 {
        9 => eventually("the end of the job", || {
            let job: Value = client.get(&path).read(200);
            (job["status"] == "completed").then_some(())
        }),
        part => thread::sleep(Duration::from_millis(part.pow(2))),
    }
    let answer: StopAnswer = client.send(Request::new("POST", &format!("{path}/stop?wait=true"))).read(200);
    let stored: Value = client.get(&path).read(200);
    let status: Status = serde_json::from_value(stored["status"].clone()).expect("a status");
    assert_eq!(answer.status, status, "the answer is not what is stored: {stored}");
    assert_eq!(answer.stopped, status == Status::Stopped, "{stored}");
    // An ended job never changes: neither a second stop nor time does that.
    let again: StopAnswer = client.send(Request::new("POST", &format!("{path}/stop"))).read(200);
    assert_eq!((again.stopped, again.status), (false, status));
    let later: Value = client.get(&path).read(200);
    assert_eq!(later, stored);
    status
}
