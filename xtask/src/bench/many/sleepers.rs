//! Thousands of jobs asleep at once: what they hold, and whether the API still answers.

use std::fs;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use super::asleep::{SLEEPING, start_sleepers};
use crate::bench::report::{Figure, Report, Times, milliseconds};
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
    let (server, slots) = roomy_host(stage, report, stage.bench.sleeping_jobs + SPARE)?;
    let mut api = stage.connect(&server, &["hostile"])?;
    let empty = memory_mib(server.pid(), Memory::Resident)?;
    let count = slots - SPARE;
    say(format_args!("bench: {count} jobs asleep"));
    let start = Instant::now();
    start_sleepers(&mut api, &server, SLEEPING, count)?;
    let took = start.elapsed().as_secs_f64();
    let wanted = f64::from(stage.bench.sleeping_jobs);
    report.add(Figure::gain("sleepers", "Rust jobs asleep at once", "jobs", vec![f64::from(count)]).goal(wanted));
    report.add(Figure::cost("sleepers_start_s", "from the first request until all of them run", "s", vec![took]));
    let resident = memory_mib(server.pid(), Memory::Resident)?;
    report.add(
        Figure::cost("sleepers_resident_mib", "resident memory of the host with them", "MiB", vec![resident])
            .goal(MOST_MIB),
    );
    let proportional = memory_mib(server.pid(), Memory::Proportional)?;
    report.add(Figure::cost("sleepers_pss_mib", "the same, of shared pages its part", "MiB", vec![proportional]));
    let each_kib = (resident - empty) * 1024.0 / f64::from(count);
    report.add(Figure::cost("sleepers_each_kib", "what one of them adds", "KiB", vec![each_kib]));
    add_requests(&mut api, report)
    // Dropped, the host is killed: so many jobs need not be stopped one by one.
}

/// A host with so many slots, or with as many as it says that the machine allows.
fn roomy_host(stage: &Stage<'_>, report: &mut Report, slots: u32) -> Result<(Server, u32)> {
    let refused = match stage.host(report, &[&format!("node.slots={slots}")]) {
        Ok(server) => return Ok((server, slots)),
        Err(error) => format!("{error:#}"),
    };
    let possible = slots_possible(&refused).with_context(|| refused.clone())?;
    report.note(format!("With {slots} slots the host does not start: {refused}"));
    Ok((stage.host(report, &[&format!("node.slots={possible}")])?, possible))
}

/// What the host's message says is possible.
fn slots_possible(message: &str) -> Option<u32> {
    let after = message.split("use at most ").nth(1)?;
    after.split(' ').next()?.parse().ok()
}

/// What the API takes while they sleep.
fn add_requests(api: &mut Api, report: &mut Report) -> Result<()> {
    let mut list = |path: &str| timed(|| api.get(path).map(drop));
    let (jobs, status) = (list("/v1/jobs")?, list("/v1/status")?);
    let start_and_stop = timed(|| {
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
        report.add_times(&format!("sleepers_{key}"), &format!("{what} beside them"), &[times], [None, Some(50.0)]);
    }
    Ok(())
}

fn timed(mut request: impl FnMut() -> Result<()>) -> Result<Times> {
    let mut times = Vec::new();
    for _ in 0..REQUESTS {
        let start = Instant::now();
        request()?;
        times.push(milliseconds(start.elapsed()));
    }
    Ok(Times::of(times))
}

fn python(stage: &Stage<'_>, report: &mut Report) -> Result<()> {
    let server = stage.host(report, &["node.slots=1024", PYTHON_MEMORY])?;
    let mut api = stage.connect(&server, &["conformance-python"])?;
    let empty = memory_mib(server.pid(), Memory::Resident)?;
    say(format_args!("bench: {PYTHON_JOBS} Python jobs asleep"));
    let (mut count, mut took) = (0, Duration::ZERO);
    while count < PYTHON_JOBS && memory_left()? > LEFT_FOR_OTHERS {
        let start = Instant::now();
        start_sleepers(&mut api, &server, PYTHON, PYTHON_STEP)?;
        took += start.elapsed();
        count += PYTHON_STEP;
    }
    if count < PYTHON_JOBS {
        report.note(format!("{count} Python jobs took all but a tenth of the machine's memory."));
    }
    let jobs = Figure::gain("sleepers_python", "Python jobs asleep at once", "jobs", vec![f64::from(count)]);
    report.add(jobs.goal(f64::from(PYTHON_JOBS)));
    report.add(Figure::cost(
        "sleepers_python_start_s",
        "from the first request until all of them run",
        "s",
        vec![took.as_secs_f64()],
    ));
    let resident = memory_mib(server.pid(), Memory::Resident)?;
    report.add(Figure::cost(
        "sleepers_python_resident_mib",
        "resident memory of the host with them",
        "MiB",
        vec![resident],
    ));
    let each_kib = (resident - empty) * 1024.0 / f64::from(count.max(1));
    report.add(Figure::cost("sleepers_python_each_kib", "what one of them adds", "KiB", vec![each_kib]));
    Ok(())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hosts_message_says_how_many_slots_are_possible() {
        let message = "20000 slots need 124000 memory mappings, but this kernel allows a process 65530; use at most \
                       10255 slots, or raise the sysctl `vm.max_map_count` to 124000";
        assert_eq!(slots_possible(message), Some(10_255));
        assert_eq!(slots_possible("address in use"), None);
    }
}
