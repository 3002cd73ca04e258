//! What the kernel and the machine allow.

use rustix::process::{Resource, getrlimit};

use super::check::Check;
use crate::config::{Settings, show_size};
use crate::domain::limits::GIB;
use crate::domain::{Clock, SystemClock};
use crate::sandbox::{available_bytes, budget_bytes, check_mappings};

/// Connections, log streams, the database and its readers, compiled code.
const FILES_NEEDED: u64 = 1_024 + 256;
/// With some room for whoever connects besides.
const FILES_WANTED: u64 = 4_096;
/// What the host itself, its database and its compiled code may take beside the guests.
const BESIDE_GUESTS: u64 = GIB;
/// 2025-01-01: an earlier clock was never set.
const EARLIEST_MILLIS: i64 = 1_735_689_600_000;

/// Looks at everything that does not depend on a folder or a server.
pub(super) fn look(settings: &Settings) -> Vec<Check> {
    let files = getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX);
    let space = getrlimit(Resource::As).current;
    let budget = budget_bytes(settings.node.limits().guest_memory_bytes);
    vec![
        mappings(settings.node.slots),
        open_files(files),
        address_space(space),
        memory(budget, available_bytes()),
        clock(SystemClock.now().millis()),
        listening(settings),
    ]
}

fn mappings(slots: u32) -> Check {
    const CHECK: &str = "memory mappings";
    match check_mappings(slots) {
        Ok(()) => Check::ok(CHECK, format!("`vm.max_map_count` is enough for {slots} slots")),
        Err(error) => Check::problem(CHECK, error.to_string(), "the host does not start like this"),
    }
}

fn open_files(allowed: u64) -> Check {
    const CHECK: &str = "open files";
    let saw = format!("a process may have {allowed} of them");
    let advice = format!("raise the limit to {FILES_WANTED} or more: `ulimit -n`, or LimitNOFILE of the unit");
    match allowed {
        ..FILES_NEEDED => Check::problem(CHECK, saw, advice),
        FILES_NEEDED..FILES_WANTED => Check::warning(CHECK, saw, advice),
        FILES_WANTED.. => Check::ok(CHECK, saw),
    }
}

fn address_space(limit: Option<u64>) -> Check {
    const CHECK: &str = "address space";
    match limit {
        None => Check::ok(CHECK, "not limited"),
        Some(bytes) => Check::warning(
            CHECK,
            format!("limited to {}", show_size(bytes)),
            "slots reserve address space and not memory; without it guests are slower: `ulimit -v unlimited`",
        ),
    }
}

fn memory(budget: u64, available: u64) -> Check {
    const CHECK: &str = "memory";
    let saw = format!("guests may have {} of {} together", show_size(budget), show_size(available));
    if budget > available {
        return Check::problem(CHECK, saw, "lower the setting node.guest_memory: the kernel would end the host");
    }
    if budget.saturating_add(BESIDE_GUESTS) > available {
        let advice = format!("leave {} for the host itself: lower node.guest_memory", show_size(BESIDE_GUESTS));
        return Check::warning(CHECK, saw, advice);
    }
    Check::ok(CHECK, saw)
}

fn clock(now_millis: i64) -> Check {
    const CHECK: &str = "clock";
    if now_millis < EARLIEST_MILLIS {
        return Check::problem(
            CHECK,
            "it was never set",
            "set it, and keep it right by NTP: jobs and logs bear its times",
        );
    }
    Check::ok(CHECK, "it is set")
}

fn listening(settings: &Settings) -> Check {
    const CHECK: &str = "listening";
    let saw = format!("on {}", settings.listen);
    if settings.listen.ip().is_loopback() {
        return Check::ok(CHECK, format!("{saw}, which only this machine reaches"));
    }
    Check::warning(CHECK, saw, "other machines reach it: see SECURITY.md for what has to stand in front of it")
}

#[cfg(test)]
mod tests {
    use super::super::check::Verdict;
    use super::*;

    #[test]
    fn too_few_open_files_are_a_problem_and_few_a_warning() {
        let verdicts = [256, 1_280, 4_095, 4_096, u64::MAX].map(|allowed| open_files(allowed).verdict);
        let [problem, warning, ok] = [Verdict::Problem, Verdict::Warning, Verdict::Ok];
        assert_eq!(verdicts, [problem, warning, warning, ok, ok]);
    }

    #[test]
    fn guests_must_leave_some_memory_to_the_host() {
        assert_eq!(memory(9 * GIB, 8 * GIB).verdict, Verdict::Problem);
        assert_eq!(memory(8 * GIB, 8 * GIB).verdict, Verdict::Warning);
        assert_eq!(memory(4 * GIB, 8 * GIB).verdict, Verdict::Ok);
    }

    #[test]
    fn more_slots_than_the_kernel_has_mappings_for_are_a_problem() {
        let check = mappings(4_000_000_000);
        assert!(check.verdict == Verdict::Problem && check.saw.contains("vm.max_map_count"), "{check:?}");
    }

    #[test]
    fn an_address_for_all_the_world_is_a_warning() {
        let settings = Settings { listen: ([0, 0, 0, 0], 7171).into(), ..Settings::default() };
        assert_eq!(listening(&settings).verdict, Verdict::Warning);
        assert_eq!(listening(&Settings::default()).verdict, Verdict::Ok);
    }

    #[test]
    fn a_clock_from_the_last_century_is_a_problem() {
        assert_eq!((clock(0).verdict, clock(1_800_000_000_000).verdict), (Verdict::Problem, Verdict::Ok));
    }
}
