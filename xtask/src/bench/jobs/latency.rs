//! How long a job takes for its client: until it is accepted, until its first instruction, and until its end is known.

use std::time::{Duration, Instant};

use anyhow::Result;

use super::open_loop::{self, Waits};
use super::throughput::{self, HELLO, Load, NO_OP, Road};
use crate::bench::report::{Figure, Report, Times, median, milliseconds};
use crate::bench::stage::Stage;
use crate::process::say;
use crate::server::Api;

/// At the lower load, a second.
const LOW: u32 = 100;
/// The higher load is so much of the throughput.
const HIGH: f64 = 0.7;
/// How long each run lasts; longer at the low load, where there are fewer jobs a second.
const LOW_TIME: Duration = Duration::from_secs(10);
const HIGH_TIME: Duration = Duration::from_secs(5);
/// Jobs of a closed loop, after some that do not count.
const CLOSED: usize = 500;
const CLOSED_WARM_UP: usize = 50;
/// Jobs for a short look at the throughput, where it was not measured before.
const LOOK: u32 = 5_000;
/// Beyond two commits, what the median may take at the low load.
const BESIDE_COMMITS_MS: f64 = 1.0;

/// Both loads and the closed loop, on a host of its own.
pub(in crate::bench) fn measure(stage: &Stage<'_>, report: &mut Report) -> Result<()> {
    let server = stage.host(report, &[])?;
    let (host, mut api) = (server.address(), stage.connect(&server, &["hello", "hostile"])?);
    throughput::warm_up(&mut api, &[&server])?;
    let look = Load { job: HELLO, jobs: LOOK, road: Road::Single { connections: stage.bench.connections } };
    let throughput = match report.value("hello_jobs_per_second") {
        Some(measured) => measured,
        None => throughput::rates(&mut api, &[&server], &look)?.ended,
    };
    let high = rate(throughput * HIGH);

    let (mut low_runs, mut high_runs, mut closed_runs) = (Vec::new(), Vec::new(), Vec::new());
    let (mut commits, mut per_job) = (Vec::new(), Vec::new());
    for run in stage.runs() {
        say(format_args!("bench: run {}, latency at {LOW} and {high} jobs a second", run + 1));
        let before = api.metrics()?;
        low_runs.push(open_loop::run(host, HELLO, LOW, LOW_TIME)?);
        let (seconds, count) = api.metrics()?.mean_since(&before, "cofferdam_commit_seconds");
        commits.push(seconds * 1000.0);
        per_job.push(count / (f64::from(LOW) * LOW_TIME.as_secs_f64()));
        high_runs.push(open_loop::run(host, HELLO, high, HIGH_TIME)?);
        closed_runs.push(closed_loop(&mut Api::connect(host)?)?);
    }
    let most = 2.0 * median(&commits) + BESIDE_COMMITS_MS;
    report.add(Figure::cost("latency_commit_ms", format!("a commit at {LOW} jobs/s, mean"), "ms", commits));
    report.add(Figure::cost("latency_commits_per_job", format!("commits a job at {LOW} jobs/s"), "1/job", per_job));
    add_open_loop("low", &format!("at {LOW} jobs/s"), low_runs, [Some(most), Some(25.0)], report);
    add_open_loop("high", &format!("at {high} jobs/s, 70 % of the throughput"), high_runs, [None; 2], report);
    let closed = "no-op jobs one after the other, each from its start to its end at the client";
    report.add_times("latency_closed", closed, &closed_runs, [None; 2]);
    server.stop()
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "some thousand jobs a second")]
const fn rate(per_second: f64) -> u32 {
    per_second.max(1.0) as u32
}

/// p50, p99 and the slowest of each wait.
fn add_open_loop(key: &str, load: &str, runs: Vec<Waits>, goals: [Option<f64>; 2], report: &mut Report) {
    let (mut answer, mut first, mut end) = (Vec::new(), Vec::new(), Vec::new());
    for Waits { answer: a, first_line: f, end: e } in runs {
        answer.push(Times::of(a));
        first.push(Times::of(f));
        end.push(Times::of(e));
    }
    for (step, what, runs, goals) in [
        ("answer", "accepted", answer, [None; 2]),
        ("first_line", "the guest's first line", first, [None; 2]),
        ("end", "its end at the client", end, goals),
    ] {
        let (key, what) = (format!("latency_{key}_{step}"), format!("a job {load}, until {what}"));
        report.add_times(&key, &what, &runs, goals);
        let slowest = runs.iter().map(Times::slowest).collect();
        report.add(Figure::cost(format!("{key}_ms_max"), format!("{what}, slowest"), "ms", slowest));
    }
}

/// One job after the other, each followed on its log stream until the end.
fn closed_loop(api: &mut Api) -> Result<Times> {
    let mut times = Vec::with_capacity(CLOSED);
    for round in 0..CLOSED_WARM_UP + CLOSED {
        let start = Instant::now();
        let id = api.start_job(NO_OP.as_bytes())?;
        api.follow_to_end(&id, |_| {})?.ensure_completed(&id)?;
        if round >= CLOSED_WARM_UP {
            times.push(milliseconds(start.elapsed()));
        }
    }
    Ok(Times::of(times))
}
