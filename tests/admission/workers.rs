//! The processes that a host has started to compile, found by their parent.

use std::fs;
use std::path::Path;

use rustix::process::{Pid, Signal, kill_process};

use crate::harness::eventually;

/// One of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Worker(u32);

impl Worker {
    /// The one that this host runs, as soon as there is one.
    #[track_caller]
    pub(super) fn of(host: u32) -> Self {
        eventually("the host compiles", || Self::all_of(host).pop())
    }

    /// Those that this host runs now.
    pub(super) fn all_of(host: u32) -> Vec<Self> {
        let processes = fs::read_dir("/proc").expect("the list of processes");
        let ids = processes.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
        ids.filter(|id| parent_and_state(*id).is_some_and(|(parent, state)| parent == host && state != "Z"))
            .filter(|id| fs::read_to_string(process(*id, "cmdline")).is_ok_and(|line| line.contains("compile-worker")))
            .map(Self)
            .collect()
    }

    pub(super) fn kill(self) {
        let pid = i32::try_from(self.0).ok().and_then(Pid::from_raw).expect("a process has a positive id");
        kill_process(pid, Signal::KILL).expect("it compiles for a minute yet");
    }

    /// Waits until it is gone, or only its exit code is left.
    #[track_caller]
    pub(super) fn is_gone(self) {
        eventually("the compiler is gone", || {
            parent_and_state(self.0).is_none_or(|(_, state)| state == "Z").then_some(())
        });
    }

    /// A limit of it by its name in `/proc`, soft and hard.
    pub(super) fn limit(self, name: &str) -> (String, String) {
        let limits = fs::read_to_string(process(self.0, "limits")).expect("it runs");
        let line = limits.lines().find_map(|line| line.strip_prefix(name)).expect("a limit of that name");
        let mut words = line.split_whitespace().map(str::to_owned);
        (words.next().expect("a soft limit"), words.next().expect("a hard limit"))
    }

    /// Its environment.
    pub(super) fn environment(self) -> Vec<u8> {
        fs::read(process(self.0, "environ")).expect("it runs")
    }

    /// What its open files are.
    pub(super) fn open_files(self) -> Vec<String> {
        let entries = fs::read_dir(process(self.0, "fd")).expect("it runs");
        let targets = entries.filter_map(|entry| fs::read_link(entry.ok()?.path()).ok());
        targets.map(|target| target.display().to_string()).collect()
    }
}

/// Memory that a process has, and the most it had, in bytes.
pub(super) fn resident_bytes(process_id: u32) -> (u64, u64) {
    let status = fs::read_to_string(process(process_id, "status")).expect("it runs");
    let kib = |name: &str| -> u64 {
        let line = status.lines().find_map(|line| line.strip_prefix(name)).expect("a line of that name");
        line.trim().trim_end_matches(" kB").parse().expect("a number")
    };
    (kib("VmRSS:") * 1024, kib("VmHWM:") * 1024)
}

fn process(id: u32, file: &str) -> std::path::PathBuf {
    Path::new("/proc").join(id.to_string()).join(file)
}

/// The words behind the name, which may hold anything.
fn parent_and_state(id: u32) -> Option<(u32, String)> {
    let stat = fs::read_to_string(process(id, "stat")).ok()?;
    let mut words = stat.rsplit_once(')')?.1.split_whitespace();
    let state = words.next()?.to_owned();
    Some((words.next()?.parse().ok()?, state))
}
