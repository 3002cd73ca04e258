//! Both halves, and what they came to.

use std::path::PathBuf;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::Duration;

use anyhow::{Result, bail};
use cofferdam_test_postgres::Cluster;
use tempfile::TempDir;

use super::faults::{self, Counts};
use super::ledger::Ledger;
use super::load::Load;
use super::nodes::Nodes;
use super::races::{self, RACES, Races};
use super::verify::{self, Findings};
use crate::guests::{self, Way};
use crate::host::{self, Profile};
use crate::postgres;
use crate::process::say;
use crate::table::Table;
use crate::workspace::Workspace;

/// Clients that start, watch and stop jobs.
const CLIENTS: u64 = 6;
/// Hosts that share the PostgreSQL.
const NODES: usize = 3;
/// The same for the races.
const RACING_NODES: usize = 4;
/// Jobs of which an attempt is there twice, or is missing: each claim raises the fence by one and writes one row, and
/// nothing else raises it where no host dies.
const NOT_ONE_ATTEMPT: &str = "SELECT count(*) FROM job
     WHERE attempt > 1 OR fence <> (SELECT count(*) FROM attempt WHERE attempt.job_id = job.id)";

/// Tortures SQLite for half of the time, then PostgreSQL; an error when anything was violated.
pub(crate) fn run(workspace: &Workspace, way: Way, time: Duration, seed: u64) -> Result<()> {
    guests::build_rust(workspace, way)?;
    postgres::install()?;
    let binary = host::build(workspace, Profile::Dev)?;
    let module = workspace.component("hostile")?;
    let folder = workspace.target.join("torture");
    std::fs::create_dir_all(&folder)?;
    say(format_args!("torture: seed {seed}; again with `cargo xtask torture --seed {seed}`"));

    let mut table = Table::new(&["", "SQLite, 1 node", "PostgreSQL, 3 nodes"]);
    let torture = Torture { folder, binary, module, time: time / 2, seed };
    let alone = torture.run(None)?;
    let cluster = Cluster::start();
    let together = torture.run(Some(&cluster))?;
    for (alone, together) in alone.rows().into_iter().zip(together.rows()) {
        table.row([alone.0.to_owned(), alone.1.to_string(), together.1.to_string()]);
    }
    print!("\n{table}");
    for violation in alone.violations().chain(together.violations()).take(50) {
        println!("violation: {violation}");
    }
    match alone.violations().count() + together.violations().count() {
        0 => Ok(()),
        some => bail!("{some} violations, with seed {seed}"),
    }
}

/// What one half came to.
struct Half {
    races: Races,
    faults: Counts,
    findings: Findings,
}

impl Half {
    fn rows(&self) -> Vec<(&'static str, usize)> {
        let (faults, found) = (&self.faults, &self.findings);
        vec![
            ("hosts killed", faults.kills),
            ("hosts frozen beyond their lease", faults.freezes),
            ("hosts ended in order", faults.ends),
            ("databases killed", faults.databases),
            ("jobs answered 201", found.jobs),
            ("attempts", found.attempts),
            ("results", found.results),
            ("log lines", found.lines),
            ("stops answered", found.stops),
            ("observations checked at the end", found.observations),
            ("stops raced against completions", self.races.stopped + self.races.completed),
            ("of them won by the stop", self.races.stopped),
            ("violations", self.violations().count()),
        ]
    }

    fn violations(&self) -> impl Iterator<Item = &String> {
        self.races.violations.iter().chain(&self.findings.violations)
    }
}

/// What both halves have in common.
struct Torture {
    folder: PathBuf,
    binary: PathBuf,
    module: Vec<u8>,
    time: Duration,
    seed: u64,
}

impl Torture {
    fn run(&self, cluster: Option<&Cluster>) -> Result<Half> {
        let Self { time, seed, .. } = self;
        let name = if cluster.is_some() { "PostgreSQL" } else { "SQLite" };
        let races = self.race(cluster)?;
        say(format_args!("torture: {name} for {} s", time.as_secs()));
        let data = tempfile::Builder::new().prefix("data-").tempdir_in(&self.folder)?;
        let nodes = self.start(&data, cluster.map(Cluster::create_database), cluster.map_or(1, |_| NODES))?;
        let (ledger, load) = (Ledger::default(), Load::default());
        let faults = thread::scope(|scope| {
            for client in 0..CLIENTS {
                let (nodes, ledger, load) = (&nodes, &ledger, &load);
                scope.spawn(move || load.run(nodes, ledger, seed.wrapping_add(client)));
            }
            let faults = faults::cause(&nodes, cluster, *time, *seed);
            load.is_over.store(true, Ordering::SeqCst);
            faults
        })?;
        say(format_args!("torture: {name}: {} faults; waiting for the jobs", faults.all()));
        let findings = verify::check(&nodes, ledger)?;
        nodes.stop()?;
        if !findings.violations.is_empty() {
            say(format_args!("torture: what the hosts said is kept in {}", data.keep().display()));
        }
        Ok(Half { races, faults, findings })
    }

    /// Nodes that have the module.
    fn start(&self, data: &TempDir, database: Option<String>, count: usize) -> Result<Nodes> {
        let nodes = Nodes::start(&self.binary, data.path(), database, count)?;
        nodes.client(|api| api.add_module(&self.module).map(drop))?;
        Ok(nodes)
    }

    fn race(&self, cluster: Option<&Cluster>) -> Result<Races> {
        let data = tempfile::Builder::new().prefix("races-").tempdir_in(&self.folder)?;
        let (database, count) = (cluster.map(Cluster::create_database), cluster.map_or(1, |_| RACING_NODES));
        say(format_args!("torture: {RACES} stops raced against completions, {count} node(s)"));
        let nodes = self.start(&data, database.clone(), count)?;
        let mut races = races::run(&nodes, self.seed)?;
        if let (Some(cluster), Some(database)) = (cluster, database) {
            let found = cluster.query(&database, NOT_ONE_ATTEMPT);
            if found != "0" {
                races.violations.push(format!("{found} jobs have not one attempt for each claim"));
            }
        }
        nodes.stop()?;
        Ok(races)
    }
}
