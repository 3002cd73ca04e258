//! How many bytes the database may have, and at how many something has to go.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use crate::domain::limits::{GIB, MIB};

/// The most that a database may have where nobody has said more: backups, restores and checks of it still take minutes.
const AUTO_BYTES: u64 = 64 * GIB;
/// The most between where removing begins and where it ends: less is done at once, and nothing goes that could stay.
const STEP_BYTES: u64 = 256 * MIB;

/// How many bytes the database may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DatabaseLimit {
    /// The smaller of 64 GiB and half of the disk that it lies on, where that is this machine's.
    Auto,
    /// No limit.
    Unlimited,
    /// So many.
    Bytes(u64),
}

/// Text that gives no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it is neither auto, nor none, nor a number of bytes")]
pub struct InvalidDatabaseLimit;

impl DatabaseLimit {
    /// The bytes, on a disk of this size.
    pub fn bytes(self, disk_bytes: Option<u64>) -> Option<u64> {
        match self {
            Self::Auto => Some(disk_bytes.map_or(AUTO_BYTES, |disk| AUTO_BYTES.min(disk / 2))),
            Self::Unlimited => None,
            Self::Bytes(bytes) => Some(bytes),
        }
    }
}

impl FromStr for DatabaseLimit {
    type Err = InvalidDatabaseLimit;

    fn from_str(text: &str) -> Result<Self, InvalidDatabaseLimit> {
        match text {
            "auto" => Ok(Self::Auto),
            "none" => Ok(Self::Unlimited),
            bytes => bytes.parse().map(Self::Bytes).map_err(|_| InvalidDatabaseLimit),
        }
    }
}

impl fmt::Display for DatabaseLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Auto => f.write_str("auto"),
            Self::Unlimited => f.write_str("none"),
            Self::Bytes(bytes) => write!(f, "{bytes}"),
        }
    }
}

/// A limit, with where removing begins below it and where it ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// What may be there.
    pub limit: u64,
}

impl Budget {
    /// What jobs may have before the oldest begin to go, by how long they have ended: none of the last day goes while
    /// there is an older one, and so on.
    pub const ROUNDS: [Duration; 4] =
        [Duration::from_hours(24), Duration::from_hours(1), Duration::from_mins(1), Duration::ZERO];

    /// Above so many bytes something goes: an eighth is left for what is written meanwhile.
    pub const fn high(self) -> u64 {
        self.limit - self.limit / 8
    }

    /// And it goes until there are no more than so many.
    pub const fn low(self) -> u64 {
        let step = self.limit / 16;
        self.high() - if step < STEP_BYTES { step } else { STEP_BYTES }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn auto_leaves_half_of_a_small_disk() {
        assert_eq!(DatabaseLimit::Auto.bytes(Some(20 * GIB)), Some(10 * GIB));
        assert_eq!(DatabaseLimit::Auto.bytes(Some(4_000 * GIB)), Some(64 * GIB));
        assert_eq!(DatabaseLimit::Auto.bytes(None), Some(64 * GIB));
        assert_eq!(DatabaseLimit::Unlimited.bytes(Some(GIB)), None);
    }

    #[test]
    fn removing_begins_below_the_limit_and_ends_soon() {
        let small = Budget { limit: 32 * MIB };
        assert_eq!((small.high(), small.low()), (28 * MIB, 26 * MIB));
        let large = Budget { limit: 64 * GIB };
        assert_eq!((large.high(), large.low()), (56 * GIB, 56 * GIB - 256 * MIB));
    }
}
