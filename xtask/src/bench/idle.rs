//! What a host costs while it has nothing to do.

use std::fs::{self, File};
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant, SystemTime};

use anyhow::{Context, Result};
use cofferdam_test_postgres::Cluster;
use rustix::fs::{Advice, fadvise};

use super::postgres;
use super::report::{Figure, Report};
use super::stage::Stage;
use super::usage::{Memory, cpu_time, memory_mib};
use crate::process::say;
use crate::server::{Api, Server};

/// How long each host is watched.
const WATCH: Duration = Duration::from_secs(30);
/// What the uploads before have left to do is not idling.
const SETTLE: Duration = Duration::from_secs(5);

/// Processor, memory and what the database hears; on both databases.
pub(super) fn measure(stage: &Stage<'_>, report: &mut Report) -> Result<()> {
    on_sqlite(stage, report)?;
    on_postgres(stage, report)
}

fn on_sqlite(stage: &Stage<'_>, report: &mut Report) -> Result<()> {
    let folder = stage.folder("host")?;
    read_anew(stage.binary)?;
    let server = stage.host_in(&folder, report, &[])?;
    let mut api = stage.connect(&server, &["hello", "hostile"])?;
    sleep(SETTLE);
    say(format_args!("bench: idle for {} s", WATCH.as_secs()));
    let (files, commits) = (files(&folder)?, commits(&mut api)?);
    let cpu = watch(&server)?;
    let commits = self::commits(&mut api)? - commits;
    let changed = changed(&files, &self::files(&folder)?);
    let what = |what: &str| format!("{what} of an idle host on SQLite");
    report.add(Figure::cost("idle_cpu_percent", what("CPU"), "% of a core", vec![cpu]).goal(0.5));
    let memory = memory_mib(server.pid(), Memory::Resident)?;
    report.add(Figure::cost("idle_memory_mib", what("resident memory"), "MiB", vec![memory]).goal(45.0));
    report.add(Figure::cost("idle_transactions", what("transactions, 30 s"), "1", vec![commits]));
    let files = "files of the database that an idle host on SQLite writes to";
    report.add(Figure::cost("idle_files_written", files, "files", vec![changed]).goal(0.0));
    server.stop()
}

fn on_postgres(stage: &Stage<'_>, report: &mut Report) -> Result<()> {
    let cluster = Cluster::start();
    let database = cluster.create_database();
    read_anew(stage.binary)?;
    let server = stage.host(report, &[&format!("database={database}")])?;
    stage.connect(&server, &["hello", "hostile"])?;
    sleep(SETTLE.max(postgres::TOLD_LATE));
    say(format_args!("bench: idle on PostgreSQL for {} s", WATCH.as_secs()));
    let before = postgres::transactions(&cluster, &database)?;
    let cpu = watch(&server)?;
    let a_second = (postgres::transactions(&cluster, &database)? - before) / WATCH.as_secs_f64();
    let what = |what: &str| format!("{what} of an idle host on PostgreSQL");
    report.add(Figure::cost("idle_postgres_cpu_percent", what("CPU"), "% of a core", vec![cpu]).goal(0.5));
    let memory = memory_mib(server.pid(), Memory::Resident)?;
    report.add(Figure::cost("idle_postgres_memory_mib", what("resident memory"), "MiB", vec![memory]).goal(45.0));
    report.add(Figure::cost("idle_postgres_transactions", what("transactions"), "1/s", vec![a_second]));
    server.stop()
}

/// Has the program read from its disk when it starts next, as on a machine that runs it for long. As a compiler has just
/// written it, the kernel keeps it in large pages and maps more of it than the host asks for.
fn read_anew(binary: &Path) -> Result<()> {
    let doing = || format!("to have {} read anew", binary.display());
    let file = File::open(binary).with_context(doing)?;
    file.sync_all().with_context(doing)?;
    fadvise(&file, 0, None, Advice::DontNeed).with_context(doing)
}

/// Percent of a core.
fn watch(server: &Server) -> Result<f64> {
    let (start, before) = (Instant::now(), cpu_time(server.pid())?);
    sleep(WATCH);
    let used = cpu_time(server.pid())?.saturating_sub(before);
    Ok(100.0 * used.as_secs_f64() / start.elapsed().as_secs_f64())
}

/// Transactions that the host has tried.
fn commits(api: &mut Api) -> Result<f64> {
    Ok(api.metrics()?.sum("cofferdam_commit_seconds_count"))
}

/// The files of the database, with their sizes and when they were last changed. One of `SQLite`'s is shared memory, which
/// readers change, too.
fn files(folder: &Path) -> Result<Vec<(String, u64, SystemTime)>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with("cofferdam.db") && !name.ends_with("-shm") {
            let about = entry.metadata()?;
            files.push((name, about.len(), about.modified()?));
        }
    }
    files.sort();
    Ok(files)
}

fn changed(before: &[(String, u64, SystemTime)], after: &[(String, u64, SystemTime)]) -> f64 {
    let count = after.iter().filter(|file| !before.contains(file)).count();
    f64::from(u32::try_from(count).expect("two or three files"))
}
