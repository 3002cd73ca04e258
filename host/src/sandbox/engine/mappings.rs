//! Whether the kernel allows as many memory mappings as the slots need.

use crate::sandbox::SandboxError;

/// Two for each stack of the pool, about four more for each live instance.
const MAPPINGS_PER_SLOT: u64 = 6;
/// For everything else in the process.
const MAPPINGS_BESIDE: u64 = 4_000;

/// Refuses slots that would make the kernel refuse mappings later, in the middle of jobs.
pub(crate) fn check_mappings(slots: u32) -> Result<(), SandboxError> {
    match std::fs::read_to_string("/proc/sys/vm/max_map_count").ok().and_then(|text| text.trim().parse().ok()) {
        Some(allowed) => check(slots, allowed),
        // Not Linux: there is no such limit.
        None => Ok(()),
    }
}

fn check(slots: u32, allowed: u64) -> Result<(), SandboxError> {
    let needed = MAPPINGS_PER_SLOT * u64::from(slots) + MAPPINGS_BESIDE;
    if needed <= allowed {
        return Ok(());
    }
    let slots_possible = allowed.saturating_sub(MAPPINGS_BESIDE) / MAPPINGS_PER_SLOT;
    Err(SandboxError::MapCount { slots, needed, allowed, slots_possible })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_that_need_too_many_mappings_are_refused_with_both_ways_out() {
        assert!(check(10_255, 65_530).is_ok());
        let text = check(20_000, 65_530).expect_err("too many").to_string();
        assert!(text.contains("at most 10255 slots"), "{text}");
        assert!(text.contains("`vm.max_map_count` to 124000"), "{text}");
    }
}
