//! Schedules on several nodes: each occurrence once, whoever dies.

use serde_json::{Value, json};

use super::together::Nodes;
use crate::harness::eventually;
use crate::schedules::Scheduled;

#[test]
fn each_occurrence_fires_exactly_once_through_a_nodes_death() {
    let mut nodes = Nodes::start(3);
    let schedule = Scheduled::hello(&nodes.hosts[0], "each-second", "* * * * * *", json!({ "overlap": "allow" }));
    let count = |nodes: &Nodes| {
        nodes.sql("SELECT count(*) FROM job WHERE schedule_id IS NOT NULL").parse::<u64>().expect("a number")
    };
    eventually("some occurrences", || (count(&nodes) >= 4).then_some(()));
    // The one that knows of it at first hand.
    nodes.hosts[0].kill();
    let before = count(&nodes);
    eventually("the others go on", || (count(&nodes) >= before + 6).then_some(()));
    // One more comes and takes part.
    nodes.join();
    let before = count(&nodes);
    eventually("they go on", || (count(&nodes) >= before + 3).then_some(()));
    schedule.tell(&nodes.hosts[1], "pause");

    let times = nodes.sql("SELECT scheduled_for / 1000 FROM job WHERE schedule_id IS NOT NULL ORDER BY 1");
    let times: Vec<u64> = times.lines().map(|time| time.parse().expect("seconds")).collect();
    let expected: Vec<u64> = (times[0]..=*times.last().expect("some")).collect();
    assert_eq!(times, expected, "a hole or a repeat");
    let outcomes = nodes.sql("SELECT outcome, count(*) FROM schedule_run GROUP BY outcome");
    assert_eq!(outcomes, format!("started|{}", times.len()));
    let late = nodes.sql("SELECT max(at - scheduled_for) FROM schedule_run").parse::<i64>().expect("milliseconds");
    println!("{} occurrences on three nodes, the latest decided after {late} ms", times.len());
}

#[test]
fn a_schedule_that_is_put_on_one_node_is_kept_by_the_others() {
    let mut nodes = Nodes::start(2);
    // One that is far away, so that the others sleep for long.
    Scheduled::hello(&nodes.hosts[1], "yearly", "@yearly", json!({}));
    let soon = Scheduled::hello(&nodes.hosts[0], "each-second", "* * * * * *", json!({ "overlap": "allow" }));
    nodes.hosts[0].kill();
    let runs = soon.until(&nodes.hosts[1], "the other one fires it", |runs| runs.len() >= 2);
    assert!(runs.iter().all(|run| run.outcome == "started"), "{runs:?}");
    let list: Value = nodes.hosts[1].get("/v1/schedules").read(200);
    assert_eq!(list["schedules"].as_array().map(Vec::len), Some(2));
}
