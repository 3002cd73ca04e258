//! Jobs that run until they are stopped, and do nothing meanwhile.

use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::bench::jobs::throughput::{self, Load, Road};
use crate::server::{Api, Server};

/// Sleeps in a call of the host.
pub(in crate::bench) const SLEEPING: &str = r#"{"module_id": "hostile", "inputs": {"behaviour": "sleep_for_ever"}}"#;

/// When for so long not one job more has started, none will.
const STALL: Duration = Duration::from_secs(30);
/// From one look at the host's counters to the next; also how exact the end of the wait is.
const LOOK: Duration = Duration::from_millis(5);

/// Starts so many by batch, on a host with as many slots and nothing else to do, and waits until all of them run.
pub(in crate::bench) fn start_sleepers(api: &mut Api, server: &Server, job: &'static str, count: u32) -> Result<()> {
    let running = jobs(api)?.0;
    throughput::start_all(&[server], &Load { job, jobs: count, road: Road::Batch })?;
    wait_for(api, |now, _| now == running + u64::from(count))
}

/// Waits until this is so of the jobs that run and of those that wait.
pub(super) fn wait_for(api: &mut Api, is_so: impl Fn(u64, u64) -> bool) -> Result<()> {
    let (mut last, mut since) = (jobs(api)?, Instant::now());
    while !is_so(last.0, last.1) {
        sleep(LOOK);
        let now = jobs(api)?;
        if now != last {
            (last, since) = (now, Instant::now());
        } else if since.elapsed() > STALL {
            bail!("{} jobs run, {} wait, and nothing happens any more", now.0, now.1);
        }
    }
    Ok(())
}

fn jobs(api: &mut Api) -> Result<(u64, u64)> {
    let status = api.status()?;
    let count = |what: &str| status["jobs"][what].as_u64().unwrap_or_default();
    Ok((count("running"), count("pending")))
}
