//! Work spreads, and goes on elsewhere when its node is gone.

use std::time::{Duration, Instant};

use serde_json::json;

use super::together::{LEASE, Nodes, counting};
use crate::crashes::assert_each_once;
use crate::harness::{Guest, Job, Source, Status, eventually};

/// Counting jobs, until every node runs some: each finds out within a few seconds that it is not alone.
#[track_caller]
fn spread(nodes: &Nodes, to: u64, pause_ms: u64) -> Vec<Job> {
    let mut jobs = Vec::new();
    eventually("all run something", || {
        jobs.push(counting(&nodes.hosts[0], to, pause_ms));
        let owners = nodes.sql("SELECT count(DISTINCT owner) FROM job WHERE status = 'running'");
        (owners == nodes.hosts.len().to_string()).then_some(())
    });
    jobs
}

#[test]
fn work_spreads_over_the_nodes() {
    let nodes = Nodes::start(3);
    let jobs = spread(&nodes, 60, 50);
    for job in &jobs {
        assert_eq!(job.ended().status, Status::Completed);
    }
}

#[test]
fn jobs_of_a_killed_node_go_on_elsewhere_and_everything_counts_once() {
    let mut nodes = Nodes::start(3);
    let jobs = spread(&nodes, 40, 100);
    for job in &jobs {
        job.until("some results", |job| job.results >= 5);
    }
    let victim = (1..3).find(|host| jobs.iter().any(|job| nodes.runs_on(job) == *host)).expect("work has spread");
    let moved: Vec<&Job> = jobs.iter().filter(|job| nodes.runs_on(job) == victim).collect();
    let start = Instant::now();
    nodes.hosts[victim].kill();
    for job in &moved {
        job.until("it runs elsewhere", |job| job.attempt == 2);
    }
    assert!(start.elapsed() < LEASE + Duration::from_secs(10), "{:?}", start.elapsed());
    for job in &jobs {
        assert_eq!(job.ended().status, Status::Completed);
        assert_each_once(job, "n", 40);
    }
    assert_eq!(nodes.sql("SELECT count(*) FROM attempt WHERE outcome IS NULL"), "0");
    assert_eq!(nodes.sql("SELECT max(count) FROM (SELECT count(*) FROM attempt GROUP BY job_id, fence) AS t"), "1");
}

#[test]
fn a_drained_node_gives_its_jobs_away_without_a_crash() {
    let mut nodes = Nodes::start(1);
    let jobs: Vec<_> = (0..4).map(|_| counting(&nodes.hosts[0], 60, 100)).collect();
    for job in &jobs {
        job.until("some results", |job| job.results >= 3);
    }
    nodes.join();
    let jobs: Vec<_> = jobs.iter().map(|job| nodes.seen_from(1, job)).collect();
    assert!(nodes.hosts[0].terminate().success());
    for job in &jobs {
        let view = job.ended();
        assert_eq!((view.status, view.attempt), (Status::Completed, 2));
        assert_each_once(job, "n", 60);
    }
    assert_eq!(nodes.sql("SELECT count(*) FROM attempt WHERE outcome = 'crashed'"), "0");
    assert_eq!(nodes.hosts[1].status().nodes.len(), 1, "it has left");
}

#[test]
fn nodes_together_run_only_so_many_jobs_of_a_module_at_once() {
    const MOST: usize = 3;
    let nodes = Nodes::start(3);
    nodes.hosts[0].grant(Guest::Hostile, &json!({ "limits": { "jobs_concurrent": MOST } }));
    let jobs: Vec<Job> = (0..30).map(|at| counting(&nodes.hosts[at % 3], 3, 20)).collect();
    let mut moments = Vec::new();
    for job in &jobs {
        assert_eq!(job.ended().status, Status::Completed);
        let lines = job.log();
        let mut times = lines.iter().filter(|line| line.source == Source::Guest).map(|line| line.time.clone());
        let first = times.next().expect("it says that it begins");
        // At the same moment one ends before another begins.
        moments.extend([(times.next_back().expect("it counts"), -1), (first, 1)]);
    }
    moments.sort_unstable();
    let running = moments.iter().scan(0, |running, (_, change)| {
        *running += change;
        Some(*running)
    });
    let most = running.max().expect("jobs ran");
    assert!((2..=3).contains(&most), "{most} jobs ran at once: {moments:?}");
}
