//! Points in time, in whole milliseconds since 1970, as the databases store them and the API shows them.

use std::fmt;
use std::str::FromStr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Serialize, Serializer};

/// Milliseconds since 1970-01-01 UTC; shown as RFC 3339 in UTC with milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Timestamp(i64);

/// The last moment RFC 3339 can show: 9999-12-31T23:59:59.999Z.
const LATEST_MS: i64 = 253_402_300_799_999;

impl Timestamp {
    /// From milliseconds since 1970; what lies outside the years 1970 to 9999 is moved to the nearer end.
    pub const fn from_millis(millis: i64) -> Self {
        if millis < 0 {
            Self(0)
        } else if millis > LATEST_MS {
            Self(LATEST_MS)
        } else {
            Self(millis)
        }
    }

    /// Milliseconds since 1970.
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// The moment so much later.
    #[must_use]
    pub fn after(self, pause: Duration) -> Self {
        Self::from_millis(self.0.saturating_add(i64::try_from(pause.as_millis()).unwrap_or(LATEST_MS)))
    }

    /// The moment so much earlier.
    #[must_use]
    pub fn before(self, pause: Duration) -> Self {
        Self::from_millis(self.0.saturating_sub(i64::try_from(pause.as_millis()).unwrap_or(LATEST_MS)))
    }

    /// How long ago `earlier` was; zero when it lies in the future.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }
}

impl From<SystemTime> for Timestamp {
    fn from(time: SystemTime) -> Self {
        let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
        Self::from_millis(i64::try_from(since.as_millis()).unwrap_or(LATEST_MS))
    }
}

/// The text is no point in time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a point in time in RFC 3339 and UTC, such as `2026-01-31T12:00:00Z`")]
pub struct InvalidTimestamp(String);

impl FromStr for Timestamp {
    type Err = InvalidTimestamp;

    fn from_str(text: &str) -> Result<Self, InvalidTimestamp> {
        let time = humantime::parse_rfc3339(text).map_err(|_| InvalidTimestamp(text.chars().take(50).collect()))?;
        Ok(Self::from(time))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let millis = u64::try_from(self.0).unwrap_or(0);
        humantime::format_rfc3339_millis(UNIX_EPOCH + Duration::from_millis(millis)).fmt(f)
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A duration as operators read it, cut to its two largest units: `2h 15m`, `45s`, `0s`.
pub fn two_largest_units(duration: Duration) -> String {
    let whole = Duration::from_secs(duration.as_secs());
    let text = humantime::format_duration(whole).to_string();
    text.split(' ').take(2).collect::<Vec<_>>().join(" ")
}

/// A duration as people write it. Whole days as days: as months, which have no whole number of them, nobody would recognise
/// what was written.
#[derive(Debug, Clone, Copy)]
pub struct InWords(pub Duration);

impl fmt::Display for InWords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const DAY_S: u64 = 24 * 60 * 60;
        let (seconds, rest) = (self.0.as_secs(), self.0.subsec_nanos());
        match (seconds / DAY_S, seconds % DAY_S, rest) {
            (1, 0, 0) => f.write_str("1day"),
            (days @ 2.., 0, 0) => write!(f, "{days}days"),
            _ => humantime::format_duration(self.0).fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_in_words_are_read_back() {
        for (duration, words) in [
            (Duration::ZERO, "0s"),
            (Duration::from_millis(250), "250ms"),
            (Duration::from_secs(90), "1m 30s"),
            (Duration::from_hours(24), "1day"),
            (Duration::from_hours(49), "2days 1h"),
            (Duration::from_hours(90 * 24), "90days"),
        ] {
            assert_eq!(InWords(duration).to_string(), words);
            assert_eq!(humantime::parse_duration(words), Ok(duration));
        }
    }

    #[test]
    fn a_timestamp_shows_milliseconds_in_utc() {
        assert_eq!(Timestamp::from_millis(1_700_000_000_042).to_string(), "2023-11-14T22:13:20.042Z");
        assert_eq!(Timestamp::from_millis(-1).to_string(), "1970-01-01T00:00:00.000Z");
        assert_eq!(Timestamp::from_millis(i64::MAX).to_string(), "9999-12-31T23:59:59.999Z");
    }

    #[test]
    fn a_timestamp_is_read_as_it_is_shown() {
        let time = Timestamp::from_millis(1_700_000_000_042);
        assert_eq!(time.to_string().parse(), Ok(time));
        assert_eq!("2023-11-14T22:13:20Z".parse(), Ok(Timestamp::from_millis(1_700_000_000_000)));
        for text in ["", "tomorrow", "2023-11-14", "1700000000", "2023-11-14T22:13:20+01:00"] {
            let refusal = text.parse::<Timestamp>().expect_err(text);
            assert!(refusal.to_string().contains("is not a point in time"), "{refusal}");
        }
        assert_eq!(time.after(Duration::from_millis(8)).millis(), 1_700_000_000_050);
        assert_eq!(time.after(Duration::MAX).to_string(), "9999-12-31T23:59:59.999Z");
    }

    #[test]
    fn uptime_is_cut_to_two_units() {
        assert_eq!(two_largest_units(Duration::from_secs(2 * 3600 + 15 * 60 + 9)), "2h 15m");
        assert_eq!(two_largest_units(Duration::from_millis(45_900)), "45s");
        assert_eq!(two_largest_units(Duration::ZERO), "0s");
    }
}
