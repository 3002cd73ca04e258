//! Keys that jobs share: so many of them run at once, so many start in a time, or only one has not ended.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::domain::{ScheduleId, Timestamp};

/// Characters of a key.
const KEY_CHARS: usize = 200;
/// What the keys of schedules begin with, and no other.
const OF_SCHEDULE: &str = "schedule:";

/// What jobs share, such as `customer-7`. It is shared among the jobs of one module, whichever its version, so that nobody
/// holds up the jobs of a module that they may not start.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct JobKey(String);

/// A text that is no key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "a key has 1 to {KEY_CHARS} characters, none of them a control character, and does not begin with `{OF_SCHEDULE}`"
)]
pub struct InvalidJobKey;

impl JobKey {
    /// The key that all jobs of a schedule share which wait for each other.
    pub fn of_schedule(schedule: ScheduleId) -> Self {
        Self(format!("{OF_SCHEDULE}{schedule}"))
    }

    /// The key.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The key among those of all modules. Names of modules have no colon.
    pub fn of_module(&self, module_name: &str) -> String {
        format!("{module_name}:{}", self.0)
    }
}

impl FromStr for JobKey {
    type Err = InvalidJobKey;

    fn from_str(text: &str) -> Result<Self, InvalidJobKey> {
        let fits = (1..=KEY_CHARS).contains(&text.chars().count()) && !text.chars().any(char::is_control);
        if fits && !text.starts_with(OF_SCHEDULE) { Ok(Self(text.to_owned())) } else { Err(InvalidJobKey) }
    }
}

impl fmt::Display for JobKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How many jobs with a key may start in a time: all of them at once after a pause, and evenly after that.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct StartRate {
    /// How many.
    pub starts: u32,
    /// In which time, in milliseconds.
    pub per_ms: u64,
}

impl StartRate {
    /// The most starts that can be asked for.
    pub const STARTS_MAX: u32 = 100_000;
    /// The longest time that can be asked for.
    pub const PER_MAX: Duration = Duration::from_hours(31 * 24);

    /// What so many starts cost of the time, in microseconds, rounded up.
    fn cost(self, starts: u32) -> i128 {
        let each = i128::from(self.starts.max(1));
        (self.per() * i128::from(starts) + each - 1) / each
    }

    /// The time, in microseconds.
    fn per(self) -> i128 {
        i128::from(self.per_ms.max(1)) * 1_000
    }

    /// How many may start now, when all starts so far are paid for until `paid`, in microseconds.
    pub fn room(self, paid: i64, now: Timestamp) -> u32 {
        let now = i128::from(now.millis()) * 1_000;
        let free = now + self.per() - i128::from(paid).max(now);
        let room = free.max(0) * i128::from(self.starts) / self.per();
        u32::try_from(room).unwrap_or(u32::MAX).min(self.starts)
    }

    /// Until when they are paid for once so many more have started.
    pub fn after(self, paid: i64, now: Timestamp, started: u32) -> i64 {
        let now = i128::from(now.millis()) * 1_000;
        i64::try_from(i128::from(paid).max(now) + self.cost(started)).unwrap_or(i64::MAX)
    }

    /// When the next one may start.
    pub fn next(self, paid: i64) -> Timestamp {
        let next = i128::from(paid) + self.cost(1) - self.per();
        // Rounded up, so that there is room then.
        Timestamp::from_millis(i64::try_from((next + 999) / 1_000).unwrap_or(i64::MAX))
    }
}

/// Jobs that wait for each other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobQueue {
    /// What they share.
    pub key: JobKey,
    /// How many of them run at once; as many as there are slots unless said.
    pub concurrency: Option<u32>,
    /// How many of them start in a time.
    pub rate: Option<StartRate>,
}

impl JobQueue {
    /// The most jobs at once that can be asked for: more than any host has slots.
    pub const CONCURRENCY_MAX: u32 = 100_000;

    /// One after the other.
    pub fn of_schedule(schedule: ScheduleId) -> Self {
        Self { key: JobKey::of_schedule(schedule), concurrency: Some(1), rate: None }
    }
}

/// Whether what a job says of its key holds from now on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NewestQueue {
    /// It does: the job is new.
    Holds,
    /// What holds stays.
    Stays,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_nearly_free_texts() {
        for key in ["a", "customer-7", "ü b/c:d", &"k".repeat(200)] {
            assert!(key.parse::<JobKey>().is_ok(), "{key}");
        }
        for key in ["", "a\nb", "schedule:x", &"k".repeat(201)] {
            assert_eq!(key.parse::<JobKey>(), Err(InvalidJobKey), "{key}");
        }
    }

    #[test]
    fn so_many_start_at_once_after_a_pause_and_evenly_after_that() {
        let rate = StartRate { starts: 3, per_ms: 60_000 };
        let at = |seconds: i64| Timestamp::from_millis(1_700_000_000_000 + seconds * 1_000);
        assert_eq!(rate.room(0, at(0)), 3);
        let paid = rate.after(0, at(0), 3);
        assert_eq!((rate.room(paid, at(0)), rate.room(paid, at(19)), rate.room(paid, at(20))), (0, 0, 1));
        assert_eq!(rate.next(paid), at(20));
        let paid = rate.after(paid, at(20), 1);
        assert_eq!((rate.next(paid), rate.room(paid, at(40))), (at(40), 1));
        assert_eq!(rate.room(paid, at(1_000)), 3, "what is not used is not saved up");
        // More than one a millisecond.
        let fast = StartRate { starts: 3_000, per_ms: 1_000 };
        let paid = fast.after(0, at(0), 3_000);
        assert_eq!((fast.room(paid, at(0)), fast.room(paid, fast.next(paid)) > 0), (0, true));
    }
}
