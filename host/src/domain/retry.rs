//! How often a job is tried again that failed in a way that may pass, and how long it waits before.

use std::time::Duration;

/// The most attempts that may be asked for.
pub const MAX_ATTEMPTS: u32 = 1000;
/// The longest pause, asked for or reached by doubling.
pub const PAUSE_MAX: Duration = Duration::from_hours(24);

/// What becomes of a job whose module returned `retryable`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryPolicy {
    /// How many runs may end `retryable`, the first included. Crashes and shutdowns are not among them.
    pub max_attempts: u32,
    /// The pause after the first of them; it doubles with each further one, up to a day.
    pub backoff: Duration,
}

impl RetryPolicy {
    /// The pause after the first failure, unless the job asks for another.
    pub const BACKOFF: Duration = Duration::from_secs(10);
    /// Nothing is tried again.
    pub const NEVER: Self = Self { max_attempts: 1, backoff: Self::BACKOFF };

    /// How long the job waits before it is tried again, before jitter; `None` when it has failed for good. `failures`
    /// counts the runs that ended `retryable`, this one included.
    pub fn pause_after(self, failures: u32) -> Option<Duration> {
        let doubled = || self.backoff.saturating_mul(2_u32.saturating_pow(failures.saturating_sub(1)));
        (failures < self.max_attempts).then(|| doubled().min(PAUSE_MAX))
    }
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self::NEVER
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_a_day_and_end_with_the_last_attempt() {
        let policy = RetryPolicy { max_attempts: 4, backoff: Duration::from_secs(10) };
        let pauses = [1, 2, 3, 4, 5].map(|failures| policy.pause_after(failures).map(|pause| pause.as_secs()));
        assert_eq!(pauses, [Some(10), Some(20), Some(40), None, None]);
        assert_eq!(RetryPolicy::NEVER.pause_after(1), None);
        let patient = RetryPolicy { max_attempts: MAX_ATTEMPTS, backoff: Duration::from_secs(1) };
        assert_eq!(patient.pause_after(MAX_ATTEMPTS - 1), Some(PAUSE_MAX));
        let eager = RetryPolicy { max_attempts: 3, backoff: Duration::ZERO };
        assert_eq!(eager.pause_after(2), Some(Duration::ZERO));
    }
}
