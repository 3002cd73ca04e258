//! How long one job takes for its client, from the request that starts it to the word that it has ended.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use super::report::{Figure, Report};
use super::throughput::NO_OP;
use crate::server::Api;

/// The first ones are not counted: files are opened and code is paged in.
const WARM_UP: usize = 50;
const JOBS: usize = 1000;

/// One job after the other, each followed on its log stream until the end.
pub(super) fn measure(api: &mut Api, report: &mut Report) -> Result<()> {
    let mut times = Vec::with_capacity(JOBS);
    for round in 0..WARM_UP + JOBS {
        let start = Instant::now();
        let id = api.start_job(NO_OP.as_bytes())?;
        let end = api.follow_to_end(&id, |_| {})?;
        if end.status != "completed" {
            bail!("job {id} is {}, not completed", end.status);
        }
        if round >= WARM_UP {
            times.push(start.elapsed());
        }
    }
    times.sort_unstable();
    for (percentile, name) in [(50, "median"), (99, "p99")] {
        report.add(Figure {
            key: format!("job_latency_ms_{name}"),
            what: format!("one no-op job, from its start to its end at the client, {name}"),
            value: milliseconds(times[JOBS * percentile / 100]),
            unit: "ms",
            goal: None,
        });
    }
    Ok(())
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
