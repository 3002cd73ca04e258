//! How many log lines a second are stored, when guests log as fast as they can.

use std::net::SocketAddr;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use serde_json::json;

use super::report::{Figure, Goal, Report};
use crate::server::Api;

/// Bytes of a line.
const LINE_BYTES: u64 = 100;

/// Jobs that log at the same time.
pub(super) struct Flood {
    pub(super) jobs: u32,
    /// Of each job; all together stay below the 64 MiB that a job may log.
    pub(super) lines: u32,
}

/// A million lines over four jobs; one job is bounded by its own log rate.
pub(super) const FLOODS: [Flood; 2] = [Flood { jobs: 1, lines: 500_000 }, Flood { jobs: 4, lines: 250_000 }];

/// Lines a second.
pub(super) fn measure(api: &mut Api, address: SocketAddr, size: &Flood, report: &mut Report) -> Result<()> {
    let (_, rate) = flood(api, address, size)?;
    report.add(Figure {
        key: format!("log_lines_per_second_{}_jobs", size.jobs),
        what: format!("log lines of {LINE_BYTES} bytes stored, {} × {}", size.jobs, size.lines),
        value: rate,
        unit: "lines/s",
        goal: (size.jobs == 1).then_some(Goal::AtLeast(100_000.0)),
    });
    Ok(())
}

/// Runs the jobs, and gives their ids and how many lines a second were stored, from the first request to the end of the
/// last job.
pub(super) fn flood(api: &mut Api, address: SocketAddr, size: &Flood) -> Result<(Vec<String>, f64)> {
    let inputs = json!({"behaviour": "flood_log", "lines": size.lines, "bytes": LINE_BYTES});
    let job = json!({"module_id": "hostile", "inputs": inputs}).to_string();
    let start = Instant::now();
    let ids = (0..size.jobs).map(|_| api.start_job(job.as_bytes())).collect::<Result<Vec<_>>>()?;
    ids.iter().try_for_each(|id| wait_for_end(address, id, u64::from(size.lines)))?;
    Ok((ids, f64::from(size.jobs * size.lines) / start.elapsed().as_secs_f64()))
}

/// Asks for the stream from the last line on, so that no line is sent but the end is told.
fn wait_for_end(address: SocketAddr, id: &str, lines: u64) -> Result<()> {
    let mut api = Api::connect(address)?;
    let end = api.follow_from(id, lines, |_| {}).with_context(|| format!("job {id}"))?;
    if end.status != "completed" || end.last_seq != lines {
        bail!("job {id} is {} with {} log lines, not completed with {lines}", end.status, end.last_seq);
    }
    Ok(())
}
