//! The network between a host and its database fails in the worst moments.

use std::time::{Duration, Instant};

use cofferdam_test_postgres::Cluster;
use serde_json::json;

use super::together::{Nodes, counting, node};
use crate::crashes::assert_each_once;
use crate::harness::{Cut, Host, Network, Proxy, Status, assert_dense, eventually};

/// The session that writes for the host of a database.
const WRITER: &str = "SELECT pid FROM pg_stat_activity \
    WHERE datname = current_database() AND application_name LIKE 'cofferdam writer%'";

/// A host behind a network of its own, on a fresh database.
fn behind_proxy() -> (Host, Proxy, String) {
    let server = Cluster::shared();
    let url = server.create_database();
    let proxy = Proxy::before(server.port());
    (node(&proxy.url(&url, server.port())), proxy, url)
}

#[test]
fn a_lost_answer_to_a_commit_is_neither_lost_work_nor_work_done_twice() {
    let (host, proxy, url) = behind_proxy();
    let bystander = Cluster::shared().create_database();
    let _bystander = node(&bystander);
    let writer = || Cluster::shared().query(&bystander, WRITER);
    let undisturbed = writer();
    let job = counting(&host, 200, 0);
    let mut cuts = 0;
    while job.show().status != Status::Completed && cuts < 40 {
        let cut = if cuts % 2 == 0 { Cut::After } else { Cut::Before };
        proxy.cut_at_commit(cut);
        let seen = job.show().results;
        let view = job.until("it counts on", |job| job.results > seen || job.status == Status::Completed);
        if view.status == Status::Completed {
            break;
        }
        cuts = proxy.cuts();
    }
    let view = job.ended();
    assert_eq!((view.status, view.attempt), (Status::Completed, 1), "its attempt was not lost over an answer");
    assert_each_once(&job, "n", 200);
    assert_dense(&job.log());
    assert!(proxy.cuts() >= 10, "only {} cuts", proxy.cuts());
    assert_eq!(Cluster::shared().query(&url, "SELECT count(*) FROM attempt"), "1");
    assert_eq!(writer(), undisturbed, "nobody else's session may be ended");
}

#[test]
fn a_host_whose_database_is_silent_stops_its_jobs_before_another_takes_them() {
    let (host, proxy, url) = behind_proxy();
    let job = counting(&host, 60, 100);
    job.until("some results", |job| job.results >= 5);
    let other = Nodes::joining(&url);
    proxy.set(Network::IsSilent);
    let elsewhere = other.hosts[0].job(&job.id);
    elsewhere.until("it runs elsewhere", |job| job.attempt == 2);
    assert!(host.stderr().contains("lease is lost"), "the cut-off host still believed that it may run it");
    proxy.set(Network::Works);
    let view = elsewhere.ended();
    assert_eq!((view.status, view.attempt), (Status::Completed, 2));
    assert_each_once(&elsewhere, "n", 60);
    eventually("the host takes part again", || host.stderr().contains("takes part again").then_some(()));
}

#[test]
fn without_notifications_a_stop_and_a_start_wait_for_a_look_at_most() {
    const POLL: Duration = Duration::from_secs(2);
    let server = Cluster::shared();
    let proxy = Proxy::before(server.port());
    proxy.drop_notices();
    let url = proxy.url(&server.create_database(), server.port());
    let settings = [format!("database={url}"), format!("node.poll={}s", POLL.as_secs()), "node.slots=1".to_owned()];
    let start = || Host::with(&settings.each_ref().map(String::as_str));
    let one = start();
    let spinning = one.hostile_with(json!({ "behaviour": "spin" }), json!({ "stop_grace": "1s" }));
    spinning.reaches(Status::Running);
    let other = start();
    // The first one's only slot is taken.
    let view = one.hostile(json!({ "behaviour": "count", "to": 1 })).ended();
    let time = |text: &str| humantime::parse_rfc3339(text).expect("a time");
    let waited = time(&view.started_at.expect("it ran")).duration_since(time(&view.created_at)).expect("in order");
    assert!(waited < POLL + Duration::from_secs(1), "{waited:?}");
    assert_ne!(view.node, spinning.show().node);

    let start = Instant::now();
    assert!(other.job(&spinning.id).stop_and_wait().stopped);
    // The grace and a look, and room for a busy machine.
    assert!(start.elapsed() < Duration::from_secs(1) + POLL + Duration::from_secs(3), "{:?}", start.elapsed());
}

#[test]
fn a_slow_database_only_makes_things_slow() {
    let (host, proxy, _) = behind_proxy();
    proxy.set(Network::Delays(Duration::from_millis(20)));
    let job = counting(&host, 5, 0);
    let view = job.ended();
    assert_eq!((view.status, view.attempt), (Status::Completed, 1));
    assert_each_once(&job, "n", 5);
}
