//! How fast a job may do something.

use std::time::{Duration, Instant};

/// A bucket of bytes, calls or anything else that fills at a steady rate. What is taken beyond its level has to be waited
/// for.
#[derive(Debug)]
pub struct TokenBucket {
    rate_per_s: f64,
    burst: f64,
    level: f64,
    filled_at: Instant,
}

impl TokenBucket {
    /// A full bucket.
    #[expect(clippy::cast_precision_loss, reason = "a rate needs no exact number")]
    pub fn full(rate_per_s: u64, burst: u64, now: Instant) -> Self {
        let burst = burst as f64;
        Self { rate_per_s: (rate_per_s.max(1)) as f64, burst, level: burst, filled_at: now }
    }

    /// Takes `amount` if they are there.
    #[expect(clippy::cast_precision_loss, reason = "a rate needs no exact number")]
    pub fn try_take(&mut self, amount: usize) -> bool {
        let there = self.level >= amount as f64;
        if there {
            self.level -= amount as f64;
        }
        there
    }

    /// Takes `amount`; answers how long to wait until they are there.
    #[expect(clippy::cast_precision_loss, reason = "a rate needs no exact number")]
    pub fn take(&mut self, amount: usize, now: Instant) -> Option<Duration> {
        if self.try_take(amount) {
            return None;
        }
        let filled = now.duration_since(self.filled_at).as_secs_f64() * self.rate_per_s;
        self.filled_at = now;
        self.level = (self.level + filled).min(self.burst) - amount as f64;
        (self.level < 0.0).then(|| Duration::from_secs_f64(-self.level / self.rate_per_s))
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
