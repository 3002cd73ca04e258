//! What ended jobs cost that stay in the database: the same load beside none and beside a million of them.

use std::time::{Duration, Instant};

use anyhow::Result;

use crate::bench::jobs::throughput::{self, Load, NO_OP, Road};
use crate::bench::report::{Figure, Report, Times, median};
use crate::bench::stage::Stage;
use crate::process::say;
use crate::server::{Api, Server};

/// Nothing goes by itself.
const KEEP: [&str; 5] = [
    "retention.completed=none",
    "retention.jobs=none",
    "retention.module_jobs=none",
    "retention.database=none",
    "retention.logs=none",
];
/// Jobs of one step of the filling, after which it says how far it is.
const STEP: u32 = 100_000;
/// How often each request is made.
const REQUESTS: u32 = 200;
/// What the filling has left to do in the background is not part of what follows.
const SETTLE: Duration = Duration::from_secs(5);

/// Throughput and requests, before and after the jobs.
pub(in crate::bench) fn measure(stage: &Stage<'_>, report: &mut Report) -> Result<()> {
    let server = stage.host(report, &KEEP)?;
    let mut api = stage.connect(&server, &["hostile"])?;
    throughput::warm_up(&mut api, &[&server])?;
    let mut left = stage.bench.growth_jobs;
    let start = Instant::now();
    while left > 0 {
        let jobs = left.min(STEP);
        throughput::rates(&mut api, &[&server], &Load { job: NO_OP, jobs, road: Road::Batch })?;
        left -= jobs;
        say(format_args!("bench: {left} ended jobs to go"));
    }
    let filled = f64::from(stage.bench.growth_jobs) / start.elapsed().as_secs_f64();
    std::thread::sleep(SETTLE);
    let (empty, full) = in_turn(stage, report, (&mut api, &server))?;
    let lists = requests(&mut api)?;

    let ratio = median(&full) / median(&empty);
    let beside = format!("beside {} ended jobs", stage.bench.growth_jobs);
    let key = |what: &str| format!("growth_{what}");
    report.add(Figure::gain(key("empty_jobs_per_second"), "no-op jobs one by one, empty database", "jobs/s", empty));
    report.add(Figure::gain(key("filled_jobs_per_second"), format!("no-op jobs one by one {beside}"), "jobs/s", full));
    report.add(
        Figure::gain(
            key("ratio"),
            format!("the rate {beside}, to that on an empty database, medians"),
            "×",
            vec![ratio],
        )
        .goal(0.9),
    );
    report.add(Figure::gain(
        key("filling_jobs_per_second"),
        "no-op jobs by batch, while the database was filled",
        "jobs/s",
        vec![filled],
    ));
    let bytes = api.metrics()?.sum("cofferdam_database_size_bytes");
    report.add(Figure::cost(key("database_mib"), format!("the database {beside}"), "MiB", vec![bytes / 1_048_576.0]));
    for (what, path, times) in lists {
        report.add_times(&key(what), &format!("GET {path} {beside}"), &[times], [None; 2]);
    }
    server.stop()
}

/// Jobs a second on a host with an empty database and on the full one, in turn: after the filling, the machine may be slower
/// than before it.
fn in_turn(
    stage: &Stage<'_>,
    report: &mut Report,
    (full_api, full_host): (&mut Api, &Server),
) -> Result<(Vec<f64>, Vec<f64>)> {
    let empty_host = stage.host_in(&stage.folder("empty")?, report, &KEEP)?;
    let mut empty_api = stage.connect(&empty_host, &["hostile"])?;
    throughput::warm_up(&mut empty_api, &[&empty_host])?;
    let single = Road::Single { connections: stage.bench.connections };
    let load = Load { job: NO_OP, jobs: stage.bench.jobs, road: single };
    let (mut empty, mut full) = (Vec::new(), Vec::new());
    for _ in stage.runs() {
        empty.push(throughput::rates(&mut empty_api, &[&empty_host], &load)?.ended);
        full.push(throughput::rates(full_api, &[full_host], &load)?.ended);
    }
    empty_host.stop()?;
    Ok((empty, full))
}

/// What is asked for most.
fn requests(api: &mut Api) -> Result<Vec<(&'static str, &'static str, Times)>> {
    let paths = [
        ("list", "/v1/jobs"),
        ("list_completed", "/v1/jobs?status=completed"),
        ("list_failed", "/v1/jobs?status=failed"),
        ("status", "/v1/status"),
    ];
    let each =
        paths.into_iter().map(|(what, path)| Ok((what, path, Times::measured(REQUESTS, || api.get(path).map(drop))?)));
    each.collect()
}
