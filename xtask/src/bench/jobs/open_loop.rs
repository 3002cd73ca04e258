//! Jobs at a set rate, whatever the host makes of it.
//!
//! An open loop: each job has a moment in which it is due, and its times count from then. A host that stalls for a second
//! makes all jobs late that were due meanwhile, as it would with clients that do not know of each other; a loop that waits
//! for each answer before it asks again would see one slow job.

use std::net::SocketAddr;
use std::num::NonZeroU64;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rustix::thread::set_current_timer_slack;

use crate::bench::report::milliseconds;
use crate::bench::stamps::{self, CUT_OFF_MS, Moment};
use crate::server::Api;

/// Connections, fewer than one address may have streams. The rate holds as long as no more jobs are under way at the client.
const CONNECTIONS: u32 = 48;
/// So many jobs a second are followed to their end, each with a log stream of its own. The others only are started: at a
/// high rate following all of them would be most of the load.
const FOLLOWED_PER_SECOND: u32 = 100;
/// From the call until the first job is due: until then everybody is connected.
const READY: Duration = Duration::from_millis(200);

/// When each job is due.
pub(super) struct Schedule {
    start: Moment,
    per_second: u32,
}

/// Milliseconds since jobs were due.
#[derive(Default)]
pub(super) struct Waits {
    /// Until the answer to the request.
    pub(super) answer: Vec<f64>,
    /// Until the job's first log line.
    pub(super) first_line: Vec<f64>,
    /// Until the client knew of its end.
    pub(super) end: Vec<f64>,
}

impl Schedule {
    fn due(&self, number: u32) -> Moment {
        self.start.after(Duration::from_secs(1) * number / self.per_second)
    }

    /// Whether a job is one of the followed, which are spread evenly.
    fn is_followed(&self, number: u32) -> bool {
        number.is_multiple_of(self.per_second.div_ceil(FOLLOWED_PER_SECOND))
    }
}

/// Starts the same job at this rate for so long.
pub(super) fn run(host: SocketAddr, job: &str, per_second: u32, time: Duration) -> Result<Waits> {
    let count = u32::try_from(u128::from(per_second) * time.as_millis() / 1000)?;
    let taken = AtomicU32::new(0);
    let schedule = Schedule { start: Moment::now().after(READY), per_second };
    let client = || -> Result<Waits> {
        set_current_timer_slack(Some(NonZeroU64::MIN)).context("threads cannot be woken on time")?;
        let (mut api, mut waits) = (Api::connect(host)?, Waits::default());
        loop {
            let number = taken.fetch_add(1, Ordering::Relaxed);
            if number >= count {
                return Ok(waits);
            }
            thread::sleep(schedule.due(number).instant().saturating_duration_since(Instant::now()));
            start(&mut api, job, &schedule, number, &mut waits)?;
        }
    };
    thread::scope(|scope| {
        let clients: Vec<_> = (0..CONNECTIONS).map(|_| scope.spawn(client)).collect();
        let mut all = Waits::default();
        for client in clients {
            let Ok(waits) = client.join() else { bail!("a thread that starts jobs panicked") };
            let Waits { answer, first_line, end } = waits?;
            all.answer.extend(answer);
            all.first_line.extend(first_line);
            all.end.extend(end);
        }
        Ok(all)
    })
}

fn start(api: &mut Api, job: &str, schedule: &Schedule, number: u32, waits: &mut Waits) -> Result<()> {
    let due = schedule.due(number);
    let since_due = || milliseconds(due.instant().elapsed());
    if !schedule.is_followed(number) {
        api.start_job_unread(job.as_bytes())?;
        waits.answer.push(since_due());
        return Ok(());
    }
    let id = api.start_job(job.as_bytes())?;
    waits.answer.push(since_due());
    let mut stamp = None;
    let end =
        api.follow_to_end(&id, |line| stamp = stamp.take().or_else(|| line["time"].as_str().map(str::to_owned)))?;
    waits.end.push(since_due());
    end.ensure_completed(&id)?;
    let stamp = stamps::parse(&stamp.with_context(|| format!("job {id} logged nothing"))?)?;
    waits.first_line.push(due.ms_until(stamp) + CUT_OFF_MS);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schedule(per_second: u32) -> Schedule {
        Schedule { start: Moment::now(), per_second }
    }

    #[test]
    fn jobs_are_due_at_even_distances_whatever_happened_before() {
        let schedule = schedule(400);
        let start = schedule.due(0);
        let offsets = [1, 400, 4_000_000].map(|number| schedule.due(number).instant() - start.instant());
        assert_eq!(offsets, [2_500, 1_000_000, 10_000_000_000].map(Duration::from_micros));
        assert_eq!(schedule.due(3).wall(), start.wall() + Duration::from_micros(7_500), "by both clocks");
    }

    #[test]
    fn about_as_many_are_followed_at_any_rate() {
        for (per_second, expected) in [(10, 10), (100, 100), (250, 84), (3_500, 100), (3_501, 98)] {
            let schedule = schedule(per_second);
            let followed = (0..per_second).filter(|&number| schedule.is_followed(number)).count();
            assert_eq!(followed, expected, "at {per_second} a second");
        }
    }
}
