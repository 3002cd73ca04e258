//! What the host costs while it has nothing to do.

use std::fs;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use rustix::param::clock_ticks_per_second;

use super::report::{Figure, Goal, Report};

/// How long the host is watched.
pub(super) const SECONDS: u64 = 10;

/// CPU time over [`SECONDS`], and memory.
pub(super) fn measure(pid: u32, report: &mut Report) -> Result<()> {
    // What the uploads before have left to do is not idling.
    std::thread::sleep(Duration::from_secs(1));
    let (start, before) = (Instant::now(), cpu_time(pid)?);
    std::thread::sleep(Duration::from_secs(SECONDS));
    let used = cpu_time(pid)?.saturating_sub(before);
    report.add(Figure {
        key: "idle_cpu_percent".into(),
        what: format!("CPU of an idle host, over {SECONDS} s"),
        value: 100.0 * used.as_secs_f64() / start.elapsed().as_secs_f64(),
        unit: "% of a core",
        goal: Some(Goal::AtMost(1.0)),
    });
    let mebibytes = memory_mebibytes(pid, "VmRSS:")?;
    report.add(Figure {
        key: "idle_memory_mib".into(),
        what: "resident memory of an idle host".into(),
        value: mebibytes,
        unit: "MiB",
        goal: Some(Goal::AtMost(95.0)),
    });
    Ok(())
}

/// Memory alone.
pub(super) fn measure_memory(pid: u32, what: &str, report: &mut Report) -> Result<()> {
    let value = memory_mebibytes(pid, "VmRSS:")?;
    let key = what.replace(' ', "_") + "_mib";
    report.add(Figure { key, what: what.to_owned(), value, unit: "MiB", goal: None });
    Ok(())
}

/// User and system time since the process began, as the 14th and 15th field of `/proc/PID/stat` say.
pub(super) fn cpu_time(pid: u32) -> Result<Duration> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat"))?;
    let after_name = stat.rsplit_once(')').context("the name of a process stands in brackets")?.1;
    let ticks = after_name.split_whitespace().skip(11).take(2).map(str::parse::<u64>);
    Ok(Duration::from_millis(ticks.sum::<Result<u64, _>>()? * 1000 / clock_ticks_per_second()))
}

/// Memory of a process: `VmRSS:` now, `VmHWM:` at its peak.
pub(super) fn memory_mebibytes(pid: u32, field: &str) -> Result<f64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix(field)).context("a process has both")?;
    let kibibytes: f64 = line.trim().trim_end_matches(" kB").parse()?;
    Ok(kibibytes / 1024.0)
}
