//! A full disk: new work is refused, what runs waits, nothing acknowledged is lost, and it goes on without a restart.

use std::fs::File;
use std::io::Write as _;

use serde_json::{Value, json};

use super::assert_each_once;
use crate::harness::{Guest, Host, Status, assert_dense, eventually};

#[test]
fn a_full_disk_loses_nothing_and_work_goes_on_once_there_is_room() {
    let Some(host) = Host::on_small_disk(48 << 20, &[]) else {
        println!("not run: this machine forbids mount namespaces");
        return;
    };
    host.has(Guest::Hello);
    let running = host.hostile(json!({ "behaviour": "count", "to": 60, "pause_ms": 20, "padding_bytes": 100_000 }));
    running.until("some results", |job| job.results >= 3);
    let filler = host.data_dir_inside().join("filler");
    fill(&filler);

    let mut answered = Vec::new();
    eventually("new work is refused", || {
        let answer = host.post("/v1/jobs", &json!({ "module_id": "hello", "inputs": { "name": "Ada" } }));
        if answer.status == 201 {
            let job: Value = answer.read(201);
            answered.push(job["id"].as_str().expect("an id").to_owned());
            return None;
        }
        answer.problem(507, "disk_full");
        Some(())
    });
    host.upload(&Guest::PrimeCount.bytes()).problem(507, "disk_full");
    eventually("the running job has to wait", || host.stderr().contains("a batch was not committed").then_some(()));
    assert_eq!(running.show().status, Status::Running);
    assert_eq!(host.get("/healthz").status, 200);

    std::fs::remove_file(&filler).expect("the filler is there");
    let late = eventually("new work is taken again", || {
        let answer = host.post("/v1/jobs", &json!({ "module_id": "hello", "inputs": { "name": "Ada" } }));
        (answer.status == 201).then(|| answer.read::<Value>(201))
    });
    answered.push(late["id"].as_str().expect("an id").to_owned());
    for id in &answered {
        assert_eq!(host.job(id).ended().status, Status::Completed, "{id}");
    }
    let view = running.ended();
    assert_eq!((view.status, view.attempt), (Status::Completed, 1), "{:?}", view.error);
    assert_each_once(&running, "n", 60);
    assert_dense(&running.log());
}

/// Takes all the room that there is.
fn fill(path: &std::path::Path) {
    let mut filler = File::create(path).expect("a new file");
    for size in [1 << 20, 4 << 10] {
        let block = vec![b'x'; size];
        while filler.write_all(&block).is_ok() {}
    }
}
