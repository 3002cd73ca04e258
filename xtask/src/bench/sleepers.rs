//! Jobs that run until they are stopped, and do nothing meanwhile.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};

use crate::server::Api;

const ASLEEP: &str = r#"{"module_id": "hostile", "inputs": {"behaviour": "sleep_for_ever"}}"#;
/// How long all of them may take to start.
const PATIENCE: Duration = Duration::from_mins(1);
/// From one look at the host's counters to the next; also how exact the end of the wait is.
const POLL: Duration = Duration::from_millis(5);

/// As many jobs at once as the measurements with sleepers need.
pub(super) const SLOTS: &str = "node.slots=1024";

/// Starts so many, on a host with [`SLOTS`] and nothing else to do, and waits until all of them run.
pub(super) fn start(api: &mut Api, count: u64) -> Result<()> {
    for _ in 0..count {
        api.start_job(ASLEEP.as_bytes())?;
    }
    wait_until_all_run(api, count)
}

/// Waits until so many jobs run.
pub(super) fn wait_until_all_run(api: &mut Api, count: u64) -> Result<()> {
    let start = Instant::now();
    while api.status()?["jobs"]["running"].as_u64() != Some(count) {
        ensure!(start.elapsed() < PATIENCE, "{count} jobs do not start: {}", api.status()?["jobs"]);
        std::thread::sleep(POLL);
    }
    Ok(())
}
