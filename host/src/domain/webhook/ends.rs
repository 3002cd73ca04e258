//! Which ends of jobs a webhook tells.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use crate::domain::Status;

/// Some of `completed`, `failed` and `stopped`; never none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ends(BTreeSet<Status>);

/// These are no ends of jobs.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidEnds {
    /// There is none.
    #[error("no end is named; there are completed, failed and stopped")]
    None,
    /// It is something else.
    #[error("`{0}` is no end of a job; there are completed, failed and stopped")]
    Word(String),
}

impl Ends {
    /// Every end.
    pub fn all() -> Self {
        Self(Status::ALL.into_iter().filter(|status| status.is_ended()).collect())
    }

    /// These, each named by its word.
    pub fn named<'w>(words: impl IntoIterator<Item = &'w str>) -> Result<Self, InvalidEnds> {
        let end = |word: &str| match word.parse::<Status>() {
            Ok(status) if status.is_ended() => Ok(status),
            Ok(_) | Err(_) => Err(InvalidEnds::Word(word.chars().take(50).collect())),
        };
        let ends = words.into_iter().map(end).collect::<Result<BTreeSet<_>, _>>()?;
        if ends.is_empty() { Err(InvalidEnds::None) } else { Ok(Self(ends)) }
    }

    /// Whether this one is among them.
    pub fn include(&self, status: Status) -> bool {
        self.0.contains(&status)
    }

    /// Each, in the order of [`Status::ALL`].
    pub fn iter(&self) -> impl Iterator<Item = Status> {
        self.0.iter().copied()
    }
}

impl fmt::Display for Ends {
    /// Joined by single spaces, as they are stored.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words: Vec<_> = self.iter().map(Status::as_str).collect();
        f.write_str(&words.join(" "))
    }
}

impl FromStr for Ends {
    type Err = InvalidEnds;

    fn from_str(text: &str) -> Result<Self, InvalidEnds> {
        Self::named(text.split_whitespace())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_ends_are_ends_and_they_are_read_as_they_are_shown() {
        assert_eq!(Ends::all().to_string(), "completed failed stopped");
        assert_eq!("stopped failed".parse::<Ends>().map(|ends| ends.to_string()), Ok("failed stopped".to_owned()));
        assert_eq!("".parse::<Ends>(), Err(InvalidEnds::None));
        for word in ["running", "done", "Failed"] {
            assert_eq!(word.parse::<Ends>(), Err(InvalidEnds::Word(word.to_owned())));
        }
    }
}
