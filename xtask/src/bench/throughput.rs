//! How many jobs a second the host takes, runs and stores: started one by one over HTTP, until all have completed.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::report::{Figure, Goal, Report};
use super::run::Bench;
use crate::server::Api;

/// Does nothing at all.
pub(super) const NO_OP: &str =
    r#"{"module_id": "hostile", "inputs": {"behaviour": "report_progress_often", "times": 0}}"#;

/// From one look at the host's counters to the next; also how exact the end is.
const POLL: Duration = Duration::from_millis(20);
/// When this long no job has ended, none will.
const STALL: Duration = Duration::from_secs(30);

/// A kind of job.
pub(super) struct Kind {
    pub(super) name: &'static str,
    key: &'static str,
    job: &'static str,
    goal: Option<Goal>,
}

/// The kinds that are measured.
pub(super) const KINDS: [Kind; 2] = [
    Kind { name: "no-op jobs", key: "no_op_jobs_per_second", job: NO_OP, goal: Some(Goal::AtLeast(1000.0)) },
    Kind {
        name: "jobs with one log line and one result",
        key: "hello_jobs_per_second",
        job: r#"{"module_id": "hello", "inputs": {"name": "Ada"}}"#,
        goal: None,
    },
];

/// Jobs a second.
pub(super) struct Rates {
    /// Until all were accepted.
    pub(super) accepted: f64,
    /// Until all had completed.
    pub(super) ended: f64,
}

/// Starts jobs of a kind and adds what came of it to the report.
pub(super) fn measure(
    api: &mut Api,
    address: SocketAddr,
    kind: &Kind,
    bench: &Bench,
    report: &mut Report,
) -> Result<()> {
    let rates = rates(api, &[address], kind.job, bench)?;
    report.add(Figure {
        key: kind.key.into(),
        what: format!("{}, {} from {} connections, until all completed", kind.name, bench.jobs, bench.connections),
        value: rates.ended,
        unit: "jobs/s",
        goal: kind.goal,
    });
    report.add(Figure {
        key: format!("{}_accepted", kind.key),
        what: "the same, until all were accepted".into(),
        value: rates.accepted,
        unit: "jobs/s",
        goal: None,
    });
    Ok(())
}

/// Starts jobs from many connections, spread over the nodes, and waits until all have completed.
pub(super) fn rates(api: &mut Api, nodes: &[SocketAddr], job: &str, bench: &Bench) -> Result<Rates> {
    let before = completed(api)?;
    let start = Instant::now();
    start_all(nodes, job, bench)?;
    let accepted = start.elapsed();
    wait_for(api, before + u64::from(bench.jobs))?;
    let ended = start.elapsed();
    let rate = |time: Duration| f64::from(bench.jobs) / time.as_secs_f64();
    Ok(Rates { accepted: rate(accepted), ended: rate(ended) })
}

fn start_all(nodes: &[SocketAddr], job: &str, bench: &Bench) -> Result<()> {
    let taken = AtomicU32::new(0);
    let client = &|address: SocketAddr| -> Result<()> {
        let mut api = Api::connect(address)?;
        while taken.fetch_add(1, Ordering::Relaxed) < bench.jobs {
            api.start_job(job.as_bytes())?;
        }
        Ok(())
    };
    let clients = nodes.iter().copied().cycle().zip(0..bench.connections);
    std::thread::scope(|scope| {
        let clients: Vec<_> = clients.map(|(address, _)| scope.spawn(move || client(address))).collect();
        clients.into_iter().try_for_each(|client| match client.join() {
            Ok(result) => result,
            Err(_) => bail!("a thread that starts jobs panicked"),
        })
    })
}

fn wait_for(api: &mut Api, wanted: u64) -> Result<()> {
    let (mut last, mut since) = (completed(api)?, Instant::now());
    while last < wanted {
        std::thread::sleep(POLL);
        let now = completed(api)?;
        if now > last {
            (last, since) = (now, Instant::now());
        } else if since.elapsed() > STALL {
            bail!("{} jobs never completed: {}", wanted - last, api.status()?["jobs"]);
        }
    }
    Ok(())
}

fn completed(api: &mut Api) -> Result<u64> {
    let status = api.status()?;
    status["jobs"]["completed"].as_u64().with_context(|| format!("a status without jobs.completed: {status}"))
}
