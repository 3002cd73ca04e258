//! What a schedule does when its last job still runs, and with what was missed.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// What happens at an occurrence while an earlier job of the schedule has not ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Overlap {
    /// Nothing is started.
    #[default]
    Skip,
    /// The new one is created, and waits for the end of the earlier one.
    Queue,
    /// The earlier job is asked to stop, and the new one starts once it has ended.
    Replace,
    /// The new one starts beside it.
    Allow,
}

/// The text is no overlap policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be one of `skip`, `queue`, `replace` and `allow`")]
pub struct InvalidOverlap;

impl Overlap {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Skip, Self::Queue, Self::Replace, Self::Allow];

    /// The word that the API and the database have for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Skip => "skip",
            Self::Queue => "queue",
            Self::Replace => "replace",
            Self::Allow => "allow",
        }
    }

    /// Whether several occurrences at the same moment can each have a job that runs to its own end.
    pub const fn takes_several(self) -> bool {
        match self {
            Self::Skip | Self::Replace => false,
            Self::Queue | Self::Allow => true,
        }
    }

    /// Whether jobs of the schedule wait for each other.
    pub const fn is_one_at_a_time(self) -> bool {
        match self {
            Self::Queue | Self::Replace => true,
            Self::Skip | Self::Allow => false,
        }
    }
}

impl fmt::Display for Overlap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Overlap {
    type Err = InvalidOverlap;

    fn from_str(text: &str) -> Result<Self, InvalidOverlap> {
        Self::ALL.into_iter().find(|policy| policy.as_str() == text).ok_or(InvalidOverlap)
    }
}

/// Which of the missed occurrences are made up for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum CatchUpPolicy {
    /// None.
    None,
    /// The newest one.
    #[default]
    Last,
    /// All that are not too old, up to a number of them.
    All,
}

/// The text is no catch-up policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be one of `none`, `last` and `all`")]
pub struct InvalidCatchUpPolicy;

impl CatchUpPolicy {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::None, Self::Last, Self::All];

    /// The word that the API and the database have for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Last => "last",
            Self::All => "all",
        }
    }
}

impl fmt::Display for CatchUpPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for CatchUpPolicy {
    type Err = InvalidCatchUpPolicy;

    fn from_str(text: &str) -> Result<Self, InvalidCatchUpPolicy> {
        Self::ALL.into_iter().find(|policy| policy.as_str() == text).ok_or(InvalidCatchUpPolicy)
    }
}

/// What becomes of occurrences that nobody could start in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CatchUp {
    /// Which are made up for.
    pub policy: CatchUpPolicy,
    /// With [`CatchUpPolicy::All`], at most so many, the newest ones.
    pub limit: u32,
    /// None that is older.
    pub max_age: Duration,
}

impl CatchUp {
    /// The most that are made up for at once: they are all created in one transaction.
    pub const LIMIT_MAX: u32 = 1_000;
    /// How many unless the schedule says otherwise: a day of a job each quarter of an hour.
    pub const LIMIT: u32 = 100;
    /// The age unless the schedule says otherwise: what was missed the day before is seldom wanted.
    pub const MAX_AGE: Duration = Duration::from_hours(24);
    /// The highest age that can be asked for.
    pub const MAX_AGE_MAX: Duration = Duration::from_hours(366 * 24);
}

impl Default for CatchUp {
    fn default() -> Self {
        Self { policy: CatchUpPolicy::default(), limit: Self::LIMIT, max_age: Self::MAX_AGE }
    }
}
