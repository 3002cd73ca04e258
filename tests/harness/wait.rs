//! Waiting for a condition instead of for a time.

use std::time::{Duration, Instant};

/// How long anything may take before the test is given up: far more than it should, for a busy machine.
pub(crate) const PATIENCE: Duration = Duration::from_mins(1);
/// Between two looks.
const PAUSE: Duration = Duration::from_millis(10);

/// Looks until there is something, and gives it.
#[track_caller]
pub(crate) fn eventually<T>(what: &str, look: impl FnMut() -> Option<T>) -> T {
    eventually_within(PATIENCE, what, look)
}

/// The same with another patience, for what takes long.
#[track_caller]
pub(crate) fn eventually_within<T>(patience: Duration, what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(start.elapsed() < patience, "waited {} s in vain for this: {what}", patience.as_secs());
        std::thread::sleep(PAUSE);
    }
}
