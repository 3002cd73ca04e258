//! The database goes away and comes back.

use cofferdam_test_postgres::Cluster;
use serde_json::{Value, json};

use super::together::LEASE;
use crate::crashes::assert_each_once;
use crate::harness::{Guest, Host, Status, eventually};

#[test]
fn a_restart_of_the_database_loses_nothing() {
    // A server of its own: the others must not notice.
    let server = Cluster::start();
    let url = server.create_database();
    let host = Host::with(&[&format!("database={url}"), &format!("node.lease={}s", LEASE.as_secs())]);
    let jobs: Vec<_> =
        (0..4).map(|_| host.hostile(json!({ "behaviour": "count", "to": 60, "pause_ms": 50 }))).collect();
    for job in &jobs {
        job.until("some results", |job| job.results >= 5);
    }
    for _ in 0..3 {
        server.kill();
        let refused = host.post("/v1/jobs", &json!({ "module_id": "hostile", "inputs": { "behaviour": "spin" } }));
        assert_eq!(refused.status, 503, "{}", refused.text());
        server.start_again();
        eventually("the host answers again", || (host.get("/v1/status").status == 200).then_some(()));
    }
    for job in &jobs {
        assert_eq!(job.ended().status, Status::Completed);
        assert_each_once(job, "n", 60);
    }
}

#[test]
fn a_database_that_is_away_longer_than_the_lease_stops_the_jobs_and_they_go_on_by_themselves() {
    let server = Cluster::start();
    let url = server.create_database();
    let mut host = Host::with(&[&format!("database={url}"), &format!("node.lease={}s", LEASE.as_secs())]);
    let job = host.hostile(json!({ "behaviour": "count", "to": 60, "pause_ms": 50 }));
    job.until("some results", |job| job.results >= 5);
    server.kill();
    host.process().stderr_line("it stops what it runs", |line| line.contains("lease is lost"));
    assert_eq!(host.get("/readyz").status, 503);
    assert_eq!(host.get("/healthz").status, 200, "it does not exit");
    server.start_again();
    let view = job.ended();
    assert_eq!((view.status, view.attempt), (Status::Completed, 2));
    assert_each_once(&job, "n", 60);
    let outcomes = server.query(&url, "SELECT outcome FROM attempt ORDER BY fence");
    assert_eq!(outcomes, "released\ncompleted", "no crash: the host was there all the time");
}

#[test]
fn what_the_api_says_of_a_module_and_its_jobs_is_the_same_on_both_databases() {
    let hosts = [Host::start(), Host::with(&[&format!("database={}", Cluster::shared().create_database())])];
    let views = hosts.each_ref().map(|host| {
        host.has(Guest::Hello);
        let job = host.start_job(&json!({ "module_id": "hello", "inputs": { "name": "Ada" } }));
        job.ended();
        let mut shown: Value = job.get("").read(200);
        let mut module: Value = host.get("/v1/modules/hello").read(200);
        let list: Value = host.get("/v1/jobs?status=completed&module_id=hello").read(200);
        assert_eq!(list["jobs"].as_array().map(Vec::len), Some(1));
        for key in ["id", "created_at", "started_at", "finished_at", "usage", "node"] {
            shown[key].take();
            module[key].take();
        }
        (shown, module, job.messages(), job.data())
    });
    assert_eq!(views[0], views[1]);
}
