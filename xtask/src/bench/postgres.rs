//! What the host does on a PostgreSQL of its own on the same machine, alone and together with other nodes.

use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use cofferdam_test_postgres::Cluster;

use super::report::{Figure, Goal, Report};
use super::run::Bench;
use super::sleepers;
use super::throughput::{self, NO_OP};
use crate::process::say;
use crate::server::{Api, Server, Start};

/// How many nodes share the database, from one measurement to the next.
const NODES: [usize; 3] = [1, 2, 4];
/// What one node is asked for.
const GOAL: Goal = Goal::AtLeast(1500.0);

/// Jobs asleep while the traffic is counted.
const SLEEPERS: [u64; 2] = [1, 1000];
/// How long the traffic is counted: the server itself learns of it with delay.
const WATCH: Duration = Duration::from_secs(30);

/// What the measurements have in common.
pub(super) struct Setting<'a> {
    pub(super) binary: &'a Path,
    /// Where the nodes' folders go.
    pub(super) data: &'a Path,
    /// The component that all jobs run.
    pub(super) module: &'a [u8],
    pub(super) bench: &'a Bench,
}

/// Measures throughput with several numbers of nodes, and what the database hears when nothing happens.
pub(super) fn measure(setting: &Setting<'_>, report: &mut Report) -> Result<()> {
    let cluster = Cluster::start();
    for count in NODES {
        say(format_args!("bench: PostgreSQL, {count} node(s): {} no-op jobs", setting.bench.jobs));
        throughput_of(setting, &cluster, count, report)?;
    }
    for sleepers in SLEEPERS {
        say(format_args!("bench: PostgreSQL, {sleepers} job(s) asleep for {} s", WATCH.as_secs()));
        traffic_of(setting, &cluster, sleepers, report)?;
    }
    Ok(())
}

fn throughput_of(setting: &Setting<'_>, cluster: &Cluster, count: usize, report: &mut Report) -> Result<()> {
    let database = cluster.create_database();
    let nodes = (0..count).map(|_| start(setting, &database, &[])).collect::<Result<Vec<_>>>()?;
    let addresses: Vec<SocketAddr> = nodes.iter().map(Server::address).collect();
    let mut api = Api::connect(addresses[0])?;
    api.add_module(setting.module)?;
    let rates = throughput::rates(&mut api, &addresses, NO_OP, setting.bench)?;
    let nodes_word = if count == 1 { "1 node".to_owned() } else { format!("{count} nodes") };
    report.add(Figure {
        key: format!("postgres_no_op_jobs_per_second_{count}_nodes"),
        what: format!("PostgreSQL, {nodes_word}: no-op jobs, {}, until all completed", setting.bench.jobs),
        value: rates.ended,
        unit: "jobs/s",
        goal: (count == 1).then_some(GOAL),
    });
    nodes.into_iter().try_for_each(Server::stop)
}

fn traffic_of(setting: &Setting<'_>, cluster: &Cluster, count: u64, report: &mut Report) -> Result<()> {
    let database = cluster.create_database();
    let node = start(setting, &database, &[sleepers::SLOTS.to_owned()])?;
    let mut api = Api::connect(node.address())?;
    api.add_module(setting.module)?;
    sleepers::start(&mut api, count)?;
    // Connections tell the server of their transactions when they have been idle for a while.
    std::thread::sleep(WATCH / 2);
    let before = transactions(cluster, &database)?;
    std::thread::sleep(WATCH);
    let traffic = transactions(cluster, &database)?.saturating_sub(before);
    let jobs_word = if count == 1 { "1 job sleeps".to_owned() } else { format!("{count} jobs sleep") };
    report.add(Figure {
        key: format!("postgres_transactions_per_second_{count}_asleep"),
        what: format!("PostgreSQL, 1 node: transactions while {jobs_word}"),
        value: f64::from(u32::try_from(traffic)?) / WATCH.as_secs_f64(),
        unit: "1/s",
        goal: None,
    });
    // Dropped, it is killed: a thousand jobs need not be stopped one by one.
    drop(node);
    Ok(())
}

fn start(setting: &Setting<'_>, database: &str, more: &[String]) -> Result<Server> {
    let folder = tempfile::Builder::new().prefix("node-").tempdir_in(setting.data)?.keep();
    let settings = [&[format!("database={database}")], more].concat();
    Server::start(&Start { settings: &settings, ..Start::usual(setting.binary, "127.0.0.1:0", &folder) })
}

/// Transactions that the database has committed, but for those of this count.
fn transactions(cluster: &Cluster, database: &str) -> Result<u64> {
    let name = database.rsplit('/').next().context("a URL ends with the database's name")?;
    let count =
        cluster.query("postgres", &format!("SELECT xact_commit FROM pg_stat_database WHERE datname = '{name}'"));
    count.parse().with_context(|| format!("`{count}` transactions"))
}
