//! What processes cost, as the kernel counts it: processor time is repeatable where times are not.

use std::fs;
use std::time::Duration;

use anyhow::{Context, Result};
use rustix::param::clock_ticks_per_second;

use crate::server::Server;

/// Processor time of hosts and of this client, from some moment on.
pub(super) struct Usage<'s> {
    hosts: &'s [&'s Server],
    before: (Duration, Duration),
}

impl<'s> Usage<'s> {
    /// From now on.
    pub(super) fn of(hosts: &'s [&'s Server]) -> Result<Self> {
        Ok(Self { hosts, before: taken(hosts)? })
    }

    /// What the hosts together and the client have taken since.
    pub(super) fn so_far(&self) -> Result<(Duration, Duration)> {
        let now = taken(self.hosts)?;
        Ok((now.0.saturating_sub(self.before.0), now.1.saturating_sub(self.before.1)))
    }
}

fn taken(hosts: &[&Server]) -> Result<(Duration, Duration)> {
    let each = hosts.iter().map(|host| cpu_time(host.pid())).collect::<Result<Vec<_>>>()?;
    Ok((each.into_iter().sum(), cpu_time(std::process::id())?))
}

/// User and system time since the process began, as the 14th and 15th field of `/proc/PID/stat` say.
pub(super) fn cpu_time(pid: u32) -> Result<Duration> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat"))?;
    let after_name = stat.rsplit_once(')').context("the name of a process stands in brackets")?.1;
    let ticks = after_name.split_whitespace().skip(11).take(2).map(str::parse::<u64>);
    Ok(Duration::from_millis(ticks.sum::<Result<u64, _>>()? * 1000 / clock_ticks_per_second()))
}

/// Memory of a process.
#[derive(Clone, Copy)]
pub(super) enum Memory {
    /// What is in the machine's memory of it now.
    Resident,
    /// The most that ever was.
    Peak,
    /// The same as resident, but of pages that processes share only its part.
    Proportional,
}

/// So many mebibytes.
pub(super) fn memory_mib(pid: u32, memory: Memory) -> Result<f64> {
    let (file, field) = match memory {
        Memory::Resident => ("status", "VmRSS:"),
        Memory::Peak => ("status", "VmHWM:"),
        Memory::Proportional => ("smaps_rollup", "Pss:"),
    };
    let text = fs::read_to_string(format!("/proc/{pid}/{file}"))?;
    let line = text.lines().find_map(|line| line.strip_prefix(field));
    let line = line.with_context(|| format!("/proc/{pid}/{file} without {field}"))?;
    let kibibytes: f64 = line.trim().trim_end_matches(" kB").parse()?;
    Ok(kibibytes / 1024.0)
}
