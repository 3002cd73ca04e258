//! How fast a guest may call its host.

use std::time::{Duration, Instant};

use crate::domain::TokenBucket;

/// Counts calls, and says at each tick how long they have to be waited for.
///
/// The wait comes with the next tick, not in the call: most calls of WASI cannot wait, and a tick is soon.
#[derive(Debug)]
pub(super) struct Pace {
    calls: usize,
    bucket: TokenBucket,
}

impl Pace {
    /// So many calls in a second, and as many at once.
    pub(super) fn new(calls_per_s: u64) -> Self {
        Self { calls: 0, bucket: TokenBucket::full(calls_per_s, calls_per_s, Instant::now()) }
    }

    /// One call more.
    pub(super) fn count(&mut self) {
        self.calls += 1;
    }

    /// How long to wait for the calls since the last question.
    pub(super) fn pause(&mut self) -> Option<Duration> {
        match std::mem::take(&mut self.calls) {
            0 => None,
            calls => self.bucket.take(calls, Instant::now()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_beyond_the_rate_have_to_be_waited_for() {
        let mut pace = Pace::new(1_000);
        for _ in 0..1_000 {
            pace.count();
        }
        assert_eq!(pace.pause(), None);
        for _ in 0..500 {
            pace.count();
        }
        let pause = pace.pause().expect("the bucket is empty");
        assert!(pause > Duration::from_millis(300) && pause <= Duration::from_millis(500), "{pause:?}");
        assert_eq!(pace.pause(), None, "nothing was called meanwhile");
    }
}
