//! Which of the jobs that wait is next.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A whole number from -1,000 to 1,000: of the jobs that are ready the one with the highest starts first, and among equal
/// ones the oldest.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "i64")]
pub struct Priority(i16);

/// The number is beyond the range, or the text no number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a priority is a whole number from -{0} to {0}", Priority::MOST)]
pub struct InvalidPriority;

impl Priority {
    /// The highest; its negative is the lowest.
    pub const MOST: i16 = 1_000;

    /// The number.
    pub const fn value(self) -> i64 {
        self.0 as i64
    }
}

impl TryFrom<i64> for Priority {
    type Error = InvalidPriority;

    fn try_from(value: i64) -> Result<Self, InvalidPriority> {
        match i16::try_from(value) {
            Ok(value) if (-Self::MOST..=Self::MOST).contains(&value) => Ok(Self(value)),
            _ => Err(InvalidPriority),
        }
    }
}

impl FromStr for Priority {
    type Err = InvalidPriority;

    fn from_str(text: &str) -> Result<Self, InvalidPriority> {
        text.parse::<i64>().map_err(|_| InvalidPriority)?.try_into()
    }
}

impl fmt::Display for Priority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
