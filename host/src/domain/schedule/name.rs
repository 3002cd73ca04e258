//! What a schedule is called, and how clients say which one they mean.

use std::fmt;
use std::str::FromStr;

use crate::domain::{ScheduleId, module};

/// A schedule's name: lowercase words joined by single hyphens, 1 to 64 characters, as modules have them. It is no UUID, so
/// that a name and an id are never mistaken for each other.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ScheduleName(String);

/// A text that is no schedule's name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no name of a schedule: 1 to 64 characters of lowercase words (a-z, 0-9) joined by single hyphens, such as `nightly-report`, and no UUID"
)]
pub struct InvalidScheduleName(String);

impl ScheduleName {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ScheduleName {
    type Err = InvalidScheduleName;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if module::is_name(text) && text.parse::<ScheduleId>().is_err() {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidScheduleName(text.chars().take(65).collect()))
        }
    }
}

impl fmt::Display for ScheduleName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Which schedule is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScheduleRef {
    /// The one with this id.
    Id(ScheduleId),
    /// The one that has this name now.
    Name(ScheduleName),
}

impl FromStr for ScheduleRef {
    type Err = InvalidScheduleName;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.parse() {
            Ok(id) => Ok(Self::Id(id)),
            Err(_) => text.parse().map(Self::Name),
        }
    }
}

impl fmt::Display for ScheduleRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => id.fmt(f),
            Self::Name(name) => name.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_and_an_id_are_told_apart() {
        let id = ScheduleId::new();
        assert_eq!(id.to_string().parse(), Ok(ScheduleRef::Id(id)));
        assert!(matches!("nightly-report".parse(), Ok(ScheduleRef::Name(name)) if name.as_str() == "nightly-report"));
        let long = "a".repeat(65);
        for text in ["", "Nightly", "a b", "a--b", "-a", id.to_string().as_str(), long.as_str()] {
            assert!(text.parse::<ScheduleName>().is_err(), "{text}");
        }
        // Thirty-two digits are a UUID, too.
        assert!("0".repeat(32).parse::<ScheduleName>().is_err());
    }
}
