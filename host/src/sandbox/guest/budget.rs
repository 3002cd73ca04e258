//! Memory of all guests of this process: how much there may be, and how much there is.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use crate::domain::limits::GIB;

/// Counts what guests take and give back, and lets them take no more than a fixed sum.
#[derive(Debug)]
pub(in crate::sandbox) struct MemoryBudget {
    limit_bytes: u64,
    used_bytes: AtomicU64,
}

impl MemoryBudget {
    /// `limit_bytes`, or 60 % of the memory that this process may use.
    pub(in crate::sandbox) fn new(limit_bytes: Option<u64>) -> Self {
        Self { limit_bytes: budget_bytes(limit_bytes), used_bytes: AtomicU64::new(0) }
    }

    /// The most that guests may have.
    pub(in crate::sandbox) fn limit_bytes(&self) -> u64 {
        self.limit_bytes
    }

    /// What guests have now.
    pub(in crate::sandbox) fn used_bytes(&self) -> u64 {
        self.used_bytes.load(Ordering::Relaxed)
    }

    /// Takes `bytes` if they are there.
    pub(super) fn take(&self, bytes: u64) -> bool {
        let within = |used: u64| used.checked_add(bytes).filter(|sum| *sum <= self.limit_bytes);
        self.used_bytes.try_update(Ordering::Relaxed, Ordering::Relaxed, within).is_ok()
    }

    /// Gives back what was taken.
    pub(super) fn give_back(&self, bytes: u64) {
        self.used_bytes.fetch_sub(bytes, Ordering::Relaxed);
    }
}

/// What all guests may have where the settings say this.
pub(crate) fn budget_bytes(limit_bytes: Option<u64>) -> u64 {
    limit_bytes.unwrap_or_else(|| available_bytes() / 10 * 6)
}

/// The machine's memory or the control group's, whichever is smaller.
pub(crate) fn available_bytes() -> u64 {
    let machine = std::fs::read_to_string("/proc/meminfo").ok().and_then(|text| total_of(&text)).unwrap_or_else(|| {
        tracing::warn!("cannot read how much memory this machine has; counting on 4 GiB");
        4 * GIB
    });
    let groups = std::fs::read_to_string("/proc/self/cgroup").unwrap_or_default();
    group_limit_files(&groups)
        .filter_map(|file| std::fs::read_to_string(file).ok()?.trim().parse::<u64>().ok())
        .fold(machine, u64::min)
}

fn total_of(meminfo: &str) -> Option<u64> {
    let line = meminfo.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib * 1024)
}

/// Where limits of this process's control group stand: its own and those of all groups above it.
fn group_limit_files(groups: &str) -> impl Iterator<Item = PathBuf> {
    groups.lines().flat_map(|line| {
        let (root, file, group) = match line.strip_prefix("0::") {
            Some(group) => ("/sys/fs/cgroup", "memory.max", group),
            None => match line.split_once(":memory:") {
                Some((_, group)) => ("/sys/fs/cgroup/memory", "memory.limit_in_bytes", group),
                None => return Vec::new(),
            },
        };
        let group = Path::new(group.trim_start_matches('/'));
        group.ancestors().map(|part| Path::new(root).join(part).join(file)).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_taken_beyond_the_limit_and_all_comes_back() {
        let budget = MemoryBudget::new(Some(100));
        assert!(budget.take(60));
        assert!(!budget.take(41));
        assert!(budget.take(40));
        assert!(!budget.take(u64::MAX));
        budget.give_back(100);
        assert_eq!(budget.used_bytes(), 0);
    }

    #[test]
    fn the_machine_has_memory() {
        assert_eq!(total_of("MemFree: 1 kB\nMemTotal:       24000 kB\n"), Some(24_000 * 1024));
        assert!(MemoryBudget::new(None).limit_bytes() > 100 << 20);
    }

    #[test]
    fn limits_of_all_groups_above_count() {
        let files: Vec<_> = group_limit_files("0::/a/b\n").collect();
        let expected = ["/sys/fs/cgroup/a/b/memory.max", "/sys/fs/cgroup/a/memory.max", "/sys/fs/cgroup/memory.max"];
        assert_eq!(files, expected.map(PathBuf::from));
        let old: Vec<_> = group_limit_files("5:memory:/x\n4:cpu:/x\n").collect();
        assert_eq!(old.len(), 2);
        assert_eq!(old[0], Path::new("/sys/fs/cgroup/memory/x/memory.limit_in_bytes"));
    }
}
