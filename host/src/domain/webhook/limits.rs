//! How webhooks are told, and what they may cost.

use std::time::Duration;

use crate::domain::grants::Network;

/// How webhooks are told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookLimits {
    /// Whether addresses without TLS are taken: everybody on the way reads what they are told.
    pub http: bool,
    /// Private addresses that may be told. Nobody who may make a webhook should reach what only this host reaches.
    pub private_networks: Vec<Network>,
    /// How long one attempt may take, from the look-up of the name to the answer. A receiver should note what it got and
    /// answer at once.
    pub timeout: Duration,
    /// The pauses after failed attempts, a fifth more or less; after the last, the delivery has failed. Those that the
    /// Standard Webhooks specification suggests: some three days altogether.
    pub retries: Vec<Duration>,
    /// Attempts at once for one webhook on one node, so that a slow receiver holds up its own deliveries alone.
    pub concurrency: u32,
    /// A webhook whose every attempt failed for so long is switched off.
    pub disable_after: Duration,
    /// Deliveries that may wait for one webhook before it is switched off: the database must not grow without end.
    pub waiting: u64,
    /// For how long a former signing secret still signs, too.
    pub rotation: Duration,
    /// How long what was told is kept.
    pub kept_for: Duration,
    /// How many events are kept.
    pub kept: u64,
}

impl WebhookLimits {
    /// Webhooks that there may be: each is looked at when a job ends.
    pub const WEBHOOKS: u64 = 100;
    /// Attempts at once on one node, for all webhooks together: each holds a socket.
    pub const AT_ONCE: u32 = 64;

    /// For how long a delivery is its sender's: until then nobody else sends it. An attempt, and what it takes to note what
    /// became of it.
    pub fn lease(&self) -> Duration {
        self.timeout + Duration::from_secs(5)
    }

    /// The pause after so many failed attempts in a row; `None` when it was the last.
    pub fn pause(&self, attempts: u32) -> Option<Duration> {
        self.retries.get((attempts as usize).checked_sub(1)?).copied()
    }
}

impl Default for WebhookLimits {
    fn default() -> Self {
        const MINUTE: u64 = 60;
        const HOUR: u64 = 60 * MINUTE;
        let retries = [5, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR];
        Self {
            http: false,
            private_networks: Vec::new(),
            timeout: Duration::from_secs(15),
            retries: retries.map(Duration::from_secs).to_vec(),
            concurrency: 8,
            disable_after: Duration::from_hours(5 * 24),
            waiting: 100_000,
            rotation: Duration::from_hours(24),
            kept_for: Duration::from_hours(30 * 24),
            kept: 100_000,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_failure_has_its_pause_until_the_last() {
        let limits = WebhookLimits::default();
        assert_eq!(limits.pause(1), Some(Duration::from_secs(5)));
        assert_eq!(limits.pause(9), Some(Duration::from_hours(24)));
        assert_eq!((limits.pause(10), limits.pause(0)), (None, None));
        assert!(limits.lease() > limits.timeout);
        let all: Duration = limits.retries.iter().sum();
        assert!(all < limits.disable_after && all > Duration::from_hours(72), "{all:?}");
    }
}
