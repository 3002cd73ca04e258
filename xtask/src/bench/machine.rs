//! What the figures were measured on. Without it a figure means nothing.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Result;

/// What one commit of the store waits for.
const SYNCS: usize = 200;
const SYNC_BYTES: usize = 4096;

/// The machine, with the disk that holds this folder.
pub(super) fn describe(folder: &Path) -> Result<Vec<(&'static str, String)>> {
    let (median, p99) = sync_latency(folder)?;
    Ok(vec![
        ("cores", std::thread::available_parallelism()?.to_string()),
        ("processor", field("/proc/cpuinfo", "model name")),
        ("memory", field("/proc/meminfo", "MemTotal")),
        ("kernel", read("/proc/sys/kernel/osrelease")),
        ("fdatasync of 4 KiB appended", format!("median {} µs, p99 {} µs", median.as_micros(), p99.as_micros())),
        ("load before the bench", read("/proc/loadavg")),
    ])
}

fn sync_latency(folder: &Path) -> Result<(Duration, Duration)> {
    let path = folder.join("sync");
    let mut file = File::create(&path)?;
    let mut times = Vec::with_capacity(SYNCS);
    for _ in 0..SYNCS {
        let start = Instant::now();
        file.write_all(&[1; SYNC_BYTES])?;
        file.sync_data()?;
        times.push(start.elapsed());
    }
    fs::remove_file(&path)?;
    times.sort_unstable();
    Ok((times[SYNCS / 2], times[SYNCS * 99 / 100]))
}

/// What a file of `/proc` says after `name:`, or that it says nothing: not every system has these files.
fn field(path: &str, name: &str) -> String {
    let text = fs::read_to_string(path).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.split_once(':'));
    line.map_or_else(|| "unknown".to_owned(), |(_, value)| value.trim().to_owned())
}

fn read(path: &str) -> String {
    fs::read_to_string(path).map_or_else(|_| "unknown".to_owned(), |text| text.trim().to_owned())
}
