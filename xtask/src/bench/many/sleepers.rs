//! Thousands of jobs asleep at once: what they hold, and whether the API still answers.

use std::fs;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use super::asleep::{SLEEPING, roomy_host, start_sleepers};
use crate::bench::report::{Figure, Report, Times};
use crate::bench::stage::Stage;
use crate::bench::usage::{Memory, memory_mib};
use crate::process::say;
use crate::server::{Api, Server};

/// Slots beyond the sleepers, for the jobs that are started and stopped beside them.
const SPARE: u32 = 16;
/// How often each request is made.
const REQUESTS: u32 = 300;
/// 1.5 GB.
const MOST_MIB: f64 = 1.5e9 / 1_048_576.0;

const PYTHON: &str = r#"{"module_id": "conformance-python", "inputs": {"behaviour": "sleep", "size": 36000000}}"#;
const PYTHON_JOBS: u32 = 1_000;
/// What Python guests may have together; each may hold some 16 MiB.
const PYTHON_MEMORY: &str = "node.guest_memory=64GiB";
/// Python jobs are started so many at a time, as long as the machine has memory left.
const PYTHON_STEP: u32 = 100;
const LEFT_FOR_OTHERS: f64 = 0.1;

/// Rust jobs, and on another host Python jobs.
pub(in crate::bench) fn measure(stage: &Stage<'_>, report: &mut Report) -> Result<()> {
    rust(stage, report)?;
    python(stage, report)
}

fn rust(stage: &Stage<'_>, report: &mut Report) -> Result<()> {
    let (server, slots) = roomy_host(stage, &stage.folder("host")?, report, stage.bench.sleeping_jobs + SPARE)?;
    let mut api = stage.connect(&server, &["hostile"])?;
    let empty_mib = memory_mib(server.pid(), Memory::Resident)?;
    let count = slots - SPARE;
    say(format_args!("bench: {count} jobs asleep"));
    let took = start_sleepers(&mut api, &server, SLEEPING, count)?;
    let wanted = stage.bench.sleeping_jobs;
    let asleep = Asleep { key: "sleepers", language: "Rust", count, wanted, took, empty_mib };
    asleep.add_figures(&server, Some(MOST_MIB), report)?;
    add_requests(&mut api, report)
    // Dropped, the host is killed: so many jobs need not be stopped one by one.
}

/// What the API takes while they sleep.
fn add_requests(api: &mut Api, report: &mut Report) -> Result<()> {
    let mut list = |path: &str| Times::measured(REQUESTS, || api.get(path).map(drop));
    let (jobs, status) = (list("/v1/jobs")?, list("/v1/status")?);
    let start_and_stop = Times::measured(REQUESTS, || {
        let id = api.start_job(SLEEPING.as_bytes())?;
        let answer = api.stop_and_wait(&id)?;
        ensure!(answer["status"] == "stopped", "the job is not stopped: {answer}");
        Ok(())
    })?;
    for (key, what, times) in [
        ("list", "GET /v1/jobs", jobs),
        ("status", "GET /v1/status", status),
        ("start_stop", "a job started, and stopped", start_and_stop),
    ] {
        report.add_times(
            &format!("sleepers_{key}"),
            &format!("{what} beside sleeping jobs"),
            &[times],
            [None, Some(50.0)],
        );
    }
    Ok(())
}

fn python(stage: &Stage<'_>, report: &mut Report) -> Result<()> {
    let server = stage.host(report, &["node.slots=1024", PYTHON_MEMORY])?;
    let mut api = stage.connect(&server, &["conformance-python"])?;
    let empty_mib = memory_mib(server.pid(), Memory::Resident)?;
    say(format_args!("bench: {PYTHON_JOBS} Python jobs asleep"));
    let (mut count, mut took) = (0, Duration::ZERO);
    while count < PYTHON_JOBS && memory_left()? > LEFT_FOR_OTHERS {
        took += start_sleepers(&mut api, &server, PYTHON, PYTHON_STEP)?;
        count += PYTHON_STEP;
    }
    if count < PYTHON_JOBS {
        report.note(format!("{count} Python jobs took all but a tenth of the machine's memory."));
    }
    let asleep = Asleep { key: "sleepers_python", language: "Python", count, wanted: PYTHON_JOBS, took, empty_mib };
    asleep.add_figures(&server, None, report)
}

/// Jobs of one language, asleep on a host of their own.
struct Asleep {
    key: &'static str,
    language: &'static str,
    count: u32,
    wanted: u32,
    /// From the first request until all of them slept.
    took: Duration,
    /// Of the host before.
    empty_mib: f64,
}

impl Asleep {
    /// How many, how soon, and what they hold.
    fn add_figures(&self, server: &Server, most_mib: Option<f64>, report: &mut Report) -> Result<()> {
        let Self { key, language, count, wanted, took, empty_mib } = *self;
        let jobs = format!("{count} {language} jobs asleep");
        let resident = memory_mib(server.pid(), Memory::Resident)?;
        let proportional = memory_mib(server.pid(), Memory::Proportional)?;
        let each_kib = (resident - empty_mib) * 1024.0 / f64::from(count.max(1));
        let number = Figure::gain(key, format!("{language} jobs asleep at once"), "jobs", vec![f64::from(count)]);
        report.add(number.goal(f64::from(wanted)));
        let cost = |name: &str, what: &str, unit, value| {
            Figure::cost(format!("{key}_{name}"), format!("{jobs}: {what}"), unit, vec![value])
        };
        report.add(cost("start_s", "from the first request until all sleep", "s", took.as_secs_f64()));
        report.add(cost("resident_mib", "resident memory of the host", "MiB", resident).goal(most_mib));
        report.add(cost("pss_mib", "the same, of shared pages its part", "MiB", proportional));
        report.add(cost("each_kib", "resident memory of each", "KiB", each_kib));
        Ok(())
    }
}

/// The part of the machine's memory that is to be had.
fn memory_left() -> Result<f64> {
    let text = fs::read_to_string("/proc/meminfo")?;
    let of = |name: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(name)).with_context(|| format!("no {name}"))?;
        Ok::<f64, anyhow::Error>(line.trim_start_matches(':').trim().trim_end_matches(" kB").parse()?)
    };
    Ok(of("MemAvailable")? / of("MemTotal")?)
}
