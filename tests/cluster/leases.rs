//! A node that others could not hear stops what it runs, and comes back as another one.

use rustix::process::Signal;

use super::together::{Nodes, counting};
use crate::crashes::assert_each_once;
use crate::harness::Status;

#[test]
fn a_frozen_node_drops_its_jobs_and_joins_again() {
    let mut nodes = Nodes::start(1);
    let job = counting(&nodes.hosts[0], 80, 100);
    job.until("some results", |job| job.results >= 5);
    let old = job.show().node.expect("it runs");
    nodes.join();
    nodes.hosts[0].signal(Signal::STOP);
    let elsewhere = nodes.hosts[1].job(&nodes.sql("SELECT encode(id, 'hex') FROM job"));
    elsewhere.until("it runs elsewhere", |job| job.attempt == 2);
    nodes.hosts[0].signal(Signal::CONT);
    nodes.hosts[0].process().stderr_line("it says that its lease is lost", |line| line.contains("lease is lost"));
    nodes.hosts[0].process().stderr_line("it joins again", |line| line.contains("takes part again"));

    let view = elsewhere.ended();
    assert_eq!((view.status, view.attempt), (Status::Completed, 2), "the frozen node changed nothing");
    assert_ne!(view.node.expect("it ran"), old);
    assert_each_once(&elsewhere, "n", 80);
    let status = nodes.hosts[0].status();
    assert_eq!(status.nodes.len(), 2);
    assert!(status.nodes.iter().all(|node| node["id"] != old.as_str()), "it came back under another id");
    // It works again: alone, it takes the next job.
    nodes.hosts[1].kill();
    assert_eq!(counting(&nodes.hosts[0], 3, 0).ended().status, Status::Completed);
}
