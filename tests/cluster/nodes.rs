//! Whichever node is asked answers for all.

use std::time::{Duration, Instant};

use serde_json::json;

use super::together::{Nodes, counting};
use crate::harness::{Guest, Status, assert_dense, eventually, lines_and_end};

#[test]
fn a_job_is_stopped_through_another_node() {
    let mut nodes = Nodes::start(1);
    let job = nodes.hosts[0].hostile_with(json!({ "behaviour": "spin" }), json!({ "stop_grace": "1s" }));
    job.reaches(Status::Running);
    nodes.join();
    let start = Instant::now();
    let answer = nodes.seen_from(1, &job).stop_and_wait();
    assert_eq!((answer.stopped, answer.status), (true, Status::Stopped));
    // The grace, a poll of a second and a half at most should the hint get lost, and room for a busy machine.
    assert!(start.elapsed() < Duration::from_secs(8), "{:?}", start.elapsed());
    assert!(job.show().stop.expect("it is stopped").forced);
}

#[test]
fn a_log_is_followed_on_another_node() {
    let mut nodes = Nodes::start(1);
    let job = counting(&nodes.hosts[0], 30, 50);
    job.reaches(Status::Running);
    nodes.join();
    let elsewhere = nodes.seen_from(1, &job);
    let (lines, status) = lines_and_end(elsewhere.events(0).collect());
    assert_eq!(status, Status::Completed);
    assert_dense(&lines);
    assert_eq!(lines.len(), 31, "one at the start and one for each number");
}

#[test]
fn jobs_of_all_nodes_are_watched_on_any_of_them() {
    let nodes = Nodes::start(2);
    let mut events = nodes.hosts[1].events("");
    let job = counting(&nodes.hosts[0], 3, 100);
    // Its module came from the same node, and either may run it.
    let mut statuses: Vec<Status> = Vec::new();
    while statuses.last() != Some(&Status::Completed) {
        let event = events.next().expect("the stream goes on");
        assert!(event.status_of(&job.id).is_some(), "there is no other job: {event:?}");
        statuses.extend(event.status_of(&job.id));
    }
    let place = std::mem::take(&mut events.last_event_id);
    drop(events);
    // Nobody watches now, and what happens meanwhile is told to whoever comes back.
    let missed = counting(&nodes.hosts[0], 1, 0);
    missed.ended();
    let mut events = nodes.hosts[1].events(&format!("?after={place}"));
    let told = events.find_map(|event| event.status_of(&missed.id)).expect("the stream goes on");
    assert!(matches!(told, Status::Pending | Status::Running | Status::Completed), "{told:?}");
}

#[test]
fn a_stop_asked_of_another_node_does_not_meet_the_resumed_job_there() {
    let mut nodes = Nodes::start(1);
    let job = counting(&nodes.hosts[0], 1000, 10);
    job.until("some results", |job| job.results >= 3);
    nodes.join();
    let elsewhere = nodes.seen_from(1, &job);
    assert!(elsewhere.stop_and_wait().stopped);
    assert!(nodes.hosts[0].terminate().success());
    let stored = elsewhere.show().results;
    elsewhere.go_on();
    let view = elsewhere.until("it goes on", |job| job.results >= stored + 20);
    assert_eq!((view.status, view.attempt), (Status::Running, 2));
    assert!(elsewhere.stop_and_wait().stopped);
}

#[test]
fn a_module_added_on_one_node_runs_on_all() {
    let mut nodes = Nodes::start(1);
    nodes.hosts[0].has(Guest::Hello);
    nodes.join();
    nodes.hosts[0].kill();
    let job = nodes.hosts[1].start_job(&json!({ "module_id": "hello" }));
    assert_eq!(job.ended().status, Status::Completed);
}

#[test]
fn the_status_lists_the_nodes_that_are_up() {
    let mut nodes = Nodes::start(2);
    for host in &nodes.hosts {
        assert_eq!(host.status().nodes.len(), 2);
    }
    nodes.hosts[0].kill();
    eventually("the dead one is gone", || (nodes.hosts[1].status().nodes.len() == 1).then_some(()));
}
