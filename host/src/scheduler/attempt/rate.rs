//! How fast a job may log.

use std::time::Duration;

use tokio::time::Instant;

/// A bucket of bytes that fills at a steady rate. What is taken beyond its level has to be waited for.
pub(super) struct TokenBucket {
    rate_bytes_per_s: f64,
    burst_bytes: f64,
    level_bytes: f64,
    filled_at: Instant,
}

impl TokenBucket {
    /// A full bucket.
    #[expect(clippy::cast_precision_loss, reason = "a rate needs no exact bytes")]
    pub(super) fn full(rate_bytes_per_s: u64, burst_bytes: u64, now: Instant) -> Self {
        let burst_bytes = burst_bytes as f64;
        Self {
            rate_bytes_per_s: (rate_bytes_per_s.max(1)) as f64,
            burst_bytes,
            level_bytes: burst_bytes,
            filled_at: now,
        }
    }

    /// Takes `bytes` if they are there.
    #[expect(clippy::cast_precision_loss, reason = "a rate needs no exact bytes")]
    pub(super) fn try_take(&mut self, bytes: usize) -> bool {
        let there = self.level_bytes >= bytes as f64;
        if there {
            self.level_bytes -= bytes as f64;
        }
        there
    }

    /// Takes `bytes`; answers how long to wait until they are there.
    #[expect(clippy::cast_precision_loss, reason = "a rate needs no exact bytes")]
    pub(super) fn take(&mut self, bytes: usize, now: Instant) -> Option<Duration> {
        if self.try_take(bytes) {
            return None;
        }
        let filled = now.duration_since(self.filled_at).as_secs_f64() * self.rate_bytes_per_s;
        self.filled_at = now;
        self.level_bytes = (self.level_bytes + filled).min(self.burst_bytes) - bytes as f64;
        (self.level_bytes < 0.0).then(|| Duration::from_secs_f64(-self.level_bytes / self.rate_bytes_per_s))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beyond_the_burst_the_rate_holds() {
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        let mut bucket = TokenBucket::full(1_000, 500, start);
        assert_eq!(bucket.take(500, start), None);
        assert_eq!(bucket.take(1_000, start), Some(Duration::from_secs(1)));
        assert_eq!(bucket.take(500, at(1)), Some(Duration::from_millis(500)));
        assert_eq!(bucket.take(500, at(60)), None);
        assert!(bucket.take(500, at(60)).is_some(), "an idle minute fills no more than the burst");
    }
}
