//! The host's stamps, beside the clock that times are measured with.

use std::time::{Duration, Instant, SystemTime};

use anyhow::{Context, Result};

use super::report::milliseconds;

/// Stamps are whole milliseconds, cut off: half of one is right in the mean.
pub(super) const CUT_OFF_MS: f64 = 0.5;

/// The same moment by both clocks.
#[derive(Clone, Copy)]
pub(super) struct Moment {
    /// As the host reads it for its stamps; it runs on the same machine.
    wall: SystemTime,
    /// As times are measured.
    instant: Instant,
}

impl Moment {
    #[expect(clippy::disallowed_methods, reason = "the host that is measured stamps by this clock")]
    pub(super) fn now() -> Self {
        Self { wall: SystemTime::now(), instant: Instant::now() }
    }

    /// So much later.
    pub(super) fn after(self, time: Duration) -> Self {
        Self { wall: self.wall + time, instant: self.instant + time }
    }

    pub(super) const fn wall(self) -> SystemTime {
        self.wall
    }

    pub(super) const fn instant(self) -> Instant {
        self.instant
    }

    /// By how much something that was measured at `at` came after the stamp.
    pub(super) fn ms_after(self, stamp: SystemTime, at: Instant) -> f64 {
        self.ms_until(stamp).mul_add(-1.0, milliseconds(at.saturating_duration_since(self.instant)))
    }

    /// From this moment to the stamp; negative where the stamp is earlier.
    pub(super) fn ms_until(self, stamp: SystemTime) -> f64 {
        match stamp.duration_since(self.wall) {
            Ok(late) => milliseconds(late),
            Err(early) => -milliseconds(early.duration()),
        }
    }
}

/// The text of a stamp, such as `2026-01-31T12:00:00.042Z`.
pub(super) fn parse(stamp: &str) -> Result<SystemTime> {
    humantime::parse_rfc3339(stamp).with_context(|| format!("the stamp {stamp}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stamps_and_times_are_told_apart_by_their_clocks() {
        let now = Instant::now();
        let moment = Moment { wall: SystemTime::UNIX_EPOCH + Duration::from_secs(1), instant: now };
        let stamp = parse("1970-01-01T00:00:01.250Z").expect("a stamp");
        assert!((moment.ms_until(stamp) - 250.0).abs() < 1e-9);
        assert!((moment.ms_until(SystemTime::UNIX_EPOCH) + 1000.0).abs() < 1e-9);
        assert!((moment.ms_after(stamp, now + Duration::from_secs(1)) - 750.0).abs() < 1e-9);
        let later = moment.after(Duration::from_millis(250));
        assert!(later.wall() == stamp && later.instant() == now + Duration::from_millis(250));
        assert!(parse("noon").is_err());
    }
}
