//! Jobs that run until they are stopped, and do nothing meanwhile, and hosts with room for thousands of them.

use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use crate::bench::jobs::throughput::{self, Load, Road};
use crate::bench::report::Report;
use crate::bench::stage::Stage;
use crate::bench::usage::cpu_time;
use crate::server::{Api, Server};

/// Sleeps in a call of the host.
pub(in crate::bench) const SLEEPING: &str = r#"{"module_id": "hostile", "inputs": {"behaviour": "sleep_for_ever"}}"#;

/// When for so long not one job more has started, none will.
const STALL: Duration = Duration::from_secs(30);
/// From one look at the host's counters to the next; also how exact the end of the wait is.
const LOOK: Duration = Duration::from_millis(5);
/// A host does nothing when in so long it takes no more of the processors than [`QUIET_CPU`], which is two of the kernel's
/// ticks.
const QUIET: Duration = Duration::from_millis(250);
const QUIET_CPU: Duration = Duration::from_millis(20);

/// A host with so many slots, or with as many as it says that the machine allows.
pub(super) fn roomy_host(stage: &Stage<'_>, folder: &Path, report: &mut Report, slots: u32) -> Result<(Server, u32)> {
    let refused = match stage.host_in(folder, report, &[&format!("node.slots={slots}")]) {
        Ok(server) => return Ok((server, slots)),
        Err(error) => format!("{error:#}"),
    };
    let possible = slots_possible(&refused).with_context(|| refused.clone())?;
    report.note(format!("With {slots} slots the host does not start: {refused}"));
    Ok((stage.host_in(folder, report, &[&format!("node.slots={possible}")])?, possible))
}

/// What the host's message says is possible.
fn slots_possible(message: &str) -> Option<u32> {
    let after = message.split("use at most ").nth(1)?;
    after.split(' ').next()?.parse().ok()
}

/// Starts so many by batch, on a host with as many slots and nothing else to do, and waits until all of them sleep. How
/// long it took from the first request on.
pub(in crate::bench) fn start_sleepers(
    api: &mut Api,
    server: &Server,
    job: &'static str,
    count: u32,
) -> Result<Duration> {
    let (start, running) = (Instant::now(), jobs(api)?.0);
    throughput::start_all(&[server], &Load { job, jobs: count, road: Road::Batch })?;
    wait_for(api, |now, _| now == running + count)?;
    // A job counts as running from its claim on; its module begins later, and holds memory only then.
    Ok(quiet_since(server)?.duration_since(start))
}

/// Waits until the host does nothing, and says since when.
fn quiet_since(server: &Server) -> Result<Instant> {
    let begun = Instant::now();
    loop {
        let (since, before) = (Instant::now(), cpu_time(server.pid())?);
        sleep(QUIET);
        if cpu_time(server.pid())?.saturating_sub(before) <= QUIET_CPU {
            return Ok(since);
        }
        ensure!(begun.elapsed() < STALL, "the host is still busy {STALL:?} after all jobs were taken");
    }
}

/// Waits until this is so of the jobs that run and of those that wait.
pub(super) fn wait_for(api: &mut Api, is_so: impl Fn(u32, u32) -> bool) -> Result<()> {
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

/// How many run and how many wait. The host's status would tell, too, but counts all that have ended for it.
fn jobs(api: &mut Api) -> Result<(u32, u32)> {
    let metrics = api.metrics()?;
    let count = |status: &str| metrics.sum_with("cofferdam_jobs", &format!(r#"status="{status}""#));
    Ok((whole(count("running")), whole(count("pending"))))
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count of some thousand jobs")]
const fn whole(count: f64) -> u32 {
    count as u32
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
