//! Jobs that log as fast as they can.

use std::net::SocketAddr;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use serde_json::json;

use crate::server::{Api, Crowd};

/// Bytes of a line.
pub(super) const LINE_BYTES: u64 = 100;

/// How much is logged.
pub(super) struct Flood {
    pub(super) jobs: u32,
    /// Of each job; all together stay below the 64 MiB that a job may log.
    pub(super) lines: u32,
}

/// Who wants the lines while they are logged.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Readers {
    Nobody,
    /// One reader a job, who checks that every line comes once and in order.
    OneEach,
}

/// What came of it.
pub(super) struct Flooded {
    pub(super) ids: Vec<String>,
    /// Lines a second, from the first request until the last job has ended, and its reader has everything.
    pub(super) per_second: f64,
}

impl Flood {
    /// Runs the jobs.
    pub(super) fn run(&self, api: &mut Api, address: SocketAddr, readers: Readers) -> Result<Flooded> {
        let inputs = json!({"behaviour": "flood_log", "lines": self.lines, "bytes": LINE_BYTES});
        let job = json!({"module_id": "hostile", "inputs": inputs}).to_string();
        let start = Instant::now();
        let ids = (0..self.jobs).map(|_| api.start_job(job.as_bytes())).collect::<Result<Vec<_>>>()?;
        match readers {
            Readers::Nobody => ids.iter().try_for_each(|id| wait_for_end(address, id, u64::from(self.lines)))?,
            Readers::OneEach => {
                let mut count = 0_u64;
                Crowd::follow(address, ids.iter().map(String::as_str))?.read_to_end(|_| count += 1)?;
                let all = u64::from(self.jobs) * u64::from(self.lines);
                anyhow::ensure!(count == all, "the readers got {count} lines of {all}");
            }
        }
        let per_second = f64::from(self.jobs * self.lines) / start.elapsed().as_secs_f64();
        Ok(Flooded { ids, per_second })
    }
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
