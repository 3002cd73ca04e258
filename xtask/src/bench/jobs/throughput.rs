//! How many jobs a second hosts take, run and store: started one by one or by batch over HTTP, until all have completed.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use crate::bench::report::{Figure, Report};
use crate::bench::stage::Stage;
use crate::bench::usage::Usage;
use crate::process::say;
use crate::server::{Api, Server};

/// Does nothing at all.
pub(in crate::bench) const NO_OP: &str =
    r#"{"module_id": "hostile", "inputs": {"behaviour": "report_progress_often", "times": 0}}"#;
/// One log line and one result.
pub(in crate::bench) const HELLO: &str = r#"{"module_id": "hello", "inputs": {"name": "Ada"}}"#;

/// Jobs before the first that are counted: code is paged in, files and buffers grow to their size.
const WARM_UP: u32 = 3_000;
/// Jobs of one request, as many as the host takes.
const BATCH: u32 = 1_000;
/// Connections that send batches: while one is answered another is on its way.
const BATCH_CONNECTIONS: u32 = 4;
/// From one look whether all have ended to the next; also how exact the end is.
const POLL: Duration = Duration::from_millis(5);
/// When this long no job has ended, none will.
const STALL: Duration = Duration::from_secs(30);

/// How jobs are sent.
#[derive(Clone, Copy)]
pub(in crate::bench) enum Road {
    /// A request for each, from so many connections.
    Single { connections: u32 },
    /// A thousand in a request.
    Batch,
}

/// So many of the same job.
#[derive(Clone, Copy)]
pub(in crate::bench) struct Load {
    pub(in crate::bench) job: &'static str,
    pub(in crate::bench) jobs: u32,
    pub(in crate::bench) road: Road,
}

/// What one run found.
#[derive(Clone, Copy)]
pub(in crate::bench) struct Rates {
    /// Jobs a second until all were accepted.
    pub(in crate::bench) accepted: f64,
    /// Jobs a second until all had completed.
    pub(in crate::bench) ended: f64,
    /// Processor time a job, of all hosts together.
    pub(in crate::bench) host_us: f64,
    /// The same of the client.
    pub(in crate::bench) client_us: f64,
}

/// A kind of jobs and its figures.
struct Kind {
    key: &'static str,
    name: &'static str,
    job: &'static str,
    by_batch: bool,
    goal: Option<f64>,
}

const KINDS: [Kind; 4] = [
    Kind { key: "no_op_jobs", name: "no-op jobs one by one", job: NO_OP, by_batch: false, goal: Some(5_000.0) },
    Kind {
        key: "hello_jobs",
        name: "jobs with a log line and a result one by one",
        job: HELLO,
        by_batch: false,
        goal: None,
    },
    Kind { key: "no_op_batch", name: "no-op jobs by batch", job: NO_OP, by_batch: true, goal: Some(10_000.0) },
    Kind {
        key: "hello_batch",
        name: "jobs with a log line and a result by batch",
        job: HELLO,
        by_batch: true,
        goal: None,
    },
];

/// All kinds in turn, again and again, on one host.
pub(in crate::bench) fn measure(stage: &Stage<'_>, report: &mut Report) -> Result<()> {
    let server = stage.host(report, &[])?;
    let mut api = stage.connect(&server, &["hello", "hostile"])?;
    warm_up(&mut api, &[&server])?;
    let mut found = KINDS.map(|_| Vec::new());
    for run in stage.runs() {
        for (kind, found) in KINDS.iter().zip(&mut found) {
            say(format_args!("bench: run {}, {} {}", run + 1, stage.bench.jobs, kind.name));
            let single = Road::Single { connections: stage.bench.connections };
            let road = if kind.by_batch { Road::Batch } else { single };
            found.push(rates(&mut api, &[&server], &Load { job: kind.job, jobs: stage.bench.jobs, road })?);
        }
    }
    for (kind, found) in KINDS.iter().zip(&found) {
        kind.add_figures(found, report);
    }
    server.stop()
}

impl Kind {
    fn add_figures(&self, found: &[Rates], report: &mut Report) {
        let Self { key, name, goal, .. } = *self;
        let each = |of: fn(&Rates) -> f64| found.iter().map(of).collect::<Vec<_>>();
        let ended = Figure::gain(
            format!("{key}_per_second"),
            format!("{name}, until all completed"),
            "jobs/s",
            each(|run| run.ended),
        );
        report.add(ended.goal(goal));
        report.add(Figure::gain(
            format!("{key}_per_second_accepted"),
            format!("{name}, until all were accepted"),
            "jobs/s",
            each(|run| run.accepted),
        ));
        report.add(Figure::cost(
            format!("{key}_host_cpu_us"),
            format!("{name}: processor time of the host"),
            "µs/job",
            each(|run| run.host_us),
        ));
        report.add(Figure::cost(
            format!("{key}_client_cpu_us"),
            format!("{name}: processor time of the client"),
            "µs/job",
            each(|run| run.client_us),
        ));
    }
}

/// Starts jobs whose time does not count.
pub(in crate::bench) fn warm_up(api: &mut Api, nodes: &[&Server]) -> Result<()> {
    rates(api, nodes, &Load { job: NO_OP, jobs: WARM_UP, road: Road::Single { connections: 16 } }).map(drop)
}

/// Starts jobs, spread over the nodes, and waits until all have completed.
pub(in crate::bench) fn rates(api: &mut Api, nodes: &[&Server], load: &Load) -> Result<Rates> {
    let before = completed(api)?;
    let (usage, start) = (Usage::of(nodes)?, Instant::now());
    start_all(nodes, load)?;
    let accepted = start.elapsed();
    let ended = wait_for(api, before + u64::from(load.jobs), start)?;
    let (host, client) = usage.so_far()?;
    let rate = |time: Duration| f64::from(load.jobs) / time.as_secs_f64();
    let each_us = |time: Duration| time.as_secs_f64() * 1e6 / f64::from(load.jobs);
    Ok(Rates { accepted: rate(accepted), ended: rate(ended), host_us: each_us(host), client_us: each_us(client) })
}

/// Starts jobs, spread over the nodes, and returns when all were accepted.
pub(in crate::bench) fn start_all(nodes: &[&Server], load: &Load) -> Result<()> {
    let taken = AtomicU32::new(0);
    let (connections, at_once) = match load.road {
        Road::Single { connections } => (connections, 1),
        Road::Batch => (BATCH_CONNECTIONS, BATCH),
    };
    let client = &|address: SocketAddr| -> Result<()> {
        let mut api = Api::connect(address)?;
        loop {
            let count = at_once.min(load.jobs.saturating_sub(taken.fetch_add(at_once, Ordering::Relaxed)));
            match (load.road, count) {
                (_, 0) => return Ok(()),
                (Road::Single { .. }, _) => api.start_job_unread(load.job.as_bytes())?,
                (Road::Batch, _) => api.start_batch(batch(load.job, count).as_bytes())?,
            }
        }
    };
    let clients = nodes.iter().map(|node| node.address()).cycle().zip(0..connections);
    std::thread::scope(|scope| {
        let clients: Vec<_> = clients.map(|(address, _)| scope.spawn(move || client(address))).collect();
        clients.into_iter().try_for_each(|client| match client.join() {
            Ok(result) => result,
            Err(_) => bail!("a thread that starts jobs panicked"),
        })
    })
}

/// The body that starts the same job so often.
fn batch(job: &str, count: u32) -> String {
    let jobs = vec![job; count as usize];
    format!(r#"{{"jobs":[{}]}}"#, jobs.join(","))
}

/// Waits until no job is pending or running, and so many have completed; gives the time since `start`. The look itself is
/// cheap, however many jobs there are; counting them is not, and rare.
fn wait_for(api: &mut Api, wanted: u64, start: Instant) -> Result<Duration> {
    let (mut last, mut since) = (0, Instant::now());
    // In this order: what was pending before may run now.
    while api.has_jobs("pending")? || api.has_jobs("running")? {
        std::thread::sleep(POLL);
        if since.elapsed() > STALL {
            let now = completed(api)?;
            ensure!(now > last, "{} jobs never completed: {}", wanted - now, api.status()?["jobs"]);
            (last, since) = (now, Instant::now());
        }
    }
    let took = start.elapsed();
    let now = completed(api)?;
    ensure!(now == wanted, "{now} jobs have completed, not {wanted}: {}", api.status()?["jobs"]);
    Ok(took)
}

fn completed(api: &mut Api) -> Result<u64> {
    let status = api.status()?;
    status["jobs"]["completed"].as_u64().with_context(|| format!("a status without jobs.completed: {status}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_holds_the_job_so_often() {
        let body: serde_json::Value = serde_json::from_str(&batch(NO_OP, 3)).expect("JSON");
        let job: serde_json::Value = serde_json::from_str(NO_OP).expect("JSON");
        assert_eq!(body, serde_json::json!({"jobs": [job, job, job]}));
    }
}
