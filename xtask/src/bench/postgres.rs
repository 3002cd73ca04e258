//! What the host does on a PostgreSQL of its own on the same machine, alone and together with other nodes.

use std::time::Duration;

use anyhow::{Context, Result};
use cofferdam_test_postgres::Cluster;

use super::jobs::throughput::{self, Load, NO_OP, Rates, Road};
use super::many::{SLEEPING, start_sleepers};
use super::report::{Figure, Report};
use super::stage::Stage;
use crate::process::say;
use crate::server::Server;

/// How many nodes share the database, from one measurement to the next.
const NODES: [usize; 3] = [1, 2, 4];
/// What one node is asked for, jobs started one by one.
const GOAL: f64 = 4_000.0;

/// Jobs asleep while the traffic is counted.
const SLEEPERS: [u32; 2] = [1, 1000];
const SLOTS: &str = "node.slots=1024";
/// How long the traffic is counted.
const WATCH: Duration = Duration::from_secs(30);
/// Connections tell the server of their transactions when they have been idle for a while.
pub(super) const TOLD_LATE: Duration = Duration::from_secs(15);

/// Measures throughput with several numbers of nodes, and what the database hears when nothing happens.
pub(super) fn measure(stage: &Stage<'_>, report: &mut Report) -> Result<()> {
    let cluster = Cluster::start();
    for count in NODES {
        throughput_of(stage, &cluster, count, report)?;
    }
    for sleepers in SLEEPERS {
        say(format_args!("bench: PostgreSQL, {sleepers} job(s) asleep for {} s", WATCH.as_secs()));
        traffic_of(stage, &cluster, sleepers, report)?;
    }
    Ok(())
}

fn throughput_of(stage: &Stage<'_>, cluster: &Cluster, count: usize, report: &mut Report) -> Result<()> {
    let database = cluster.create_database();
    let nodes = (0..count).map(|_| node(stage, report, &database, &[])).collect::<Result<Vec<_>>>()?;
    let nodes: Vec<&Server> = nodes.iter().collect();
    let mut api = stage.connect(nodes[0], &["hostile"])?;
    throughput::warm_up(&mut api, &nodes)?;
    let (mut single, mut batch) = (Vec::new(), Vec::new());
    let one_by_one = Road::Single { connections: stage.bench.connections };
    for run in stage.runs() {
        say(format_args!("bench: run {}, PostgreSQL, {count} node(s): {} no-op jobs", run + 1, stage.bench.jobs));
        for (road, found) in [(one_by_one, &mut single), (Road::Batch, &mut batch)] {
            found.push(throughput::rates(&mut api, &nodes, &Load { job: NO_OP, jobs: stage.bench.jobs, road })?);
        }
    }
    let nodes_word = if count == 1 { "1 node".to_owned() } else { format!("{count} nodes") };
    for (key, what, found, goal) in
        [("no_op_jobs", "one by one", &single, (count == 1).then_some(GOAL)), ("no_op_batch", "by batch", &batch, None)]
    {
        let each = |of: fn(&Rates) -> f64| found.iter().map(of).collect::<Vec<_>>();
        let what = format!("PostgreSQL, {nodes_word}: no-op jobs {what}");
        let key = |unit: &str| format!("postgres_{key}_{unit}_{count}_nodes");
        let rate = format!("{what}, until all completed");
        report.add(Figure::gain(key("per_second"), rate, "jobs/s", each(|run| run.ended)).goal(goal));
        let cpu = format!("{what}: processor time of the nodes");
        report.add(Figure::cost(key("host_cpu_us"), cpu, "µs/job", each(|run| run.host_us)));
    }
    Ok(())
}

fn traffic_of(stage: &Stage<'_>, cluster: &Cluster, count: u32, report: &mut Report) -> Result<()> {
    let database = cluster.create_database();
    let node = node(stage, report, &database, &[SLOTS])?;
    let mut api = stage.connect(&node, &["hostile"])?;
    start_sleepers(&mut api, &node, SLEEPING, count)?;
    std::thread::sleep(TOLD_LATE);
    let before = transactions(cluster, &database)?;
    std::thread::sleep(WATCH);
    let a_second = (transactions(cluster, &database)? - before) / WATCH.as_secs_f64();
    let jobs_word = if count == 1 { "1 job sleeps".to_owned() } else { format!("{count} jobs sleep") };
    let what = format!("PostgreSQL, 1 node: transactions while {jobs_word}");
    report.add(Figure::cost(format!("postgres_transactions_per_second_{count}_asleep"), what, "1/s", vec![a_second]));
    // Dropped, the node is killed: a thousand jobs need not be stopped one by one.
    Ok(())
}

fn node(stage: &Stage<'_>, report: &mut Report, database: &str, more: &[&str]) -> Result<Server> {
    let database = format!("database={database}");
    stage.host(report, &[&[database.as_str()], more].concat())
}

/// Transactions that the database has committed, but for those of this count.
pub(super) fn transactions(cluster: &Cluster, database: &str) -> Result<f64> {
    let name = database.rsplit('/').next().context("a URL ends with the database's name")?;
    let count =
        cluster.query("postgres", &format!("SELECT xact_commit FROM pg_stat_database WHERE datname = '{name}'"));
    count.parse().with_context(|| format!("`{count}` transactions"))
}
