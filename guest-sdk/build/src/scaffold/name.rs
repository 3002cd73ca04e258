//! What a project may be called: what its module may be called, and what every language takes for a package's name.

use std::fmt;
use std::str::FromStr;

/// As many letters as a module's name may have.
const LONGEST: usize = 64;

/// The name of a project and of its module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProjectName(String);

/// The text is no such name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` cannot be a module's name: it has to be lowercase words of letters and digits joined by single hyphens, begin \
     with a letter, and have {LONGEST} characters at most, such as `word-count`"
)]
pub struct InvalidName(String);

impl ProjectName {
    /// With underscores, for languages that take no hyphens.
    pub fn snake(&self) -> String {
        self.0.replace('-', "_")
    }
}

impl fmt::Display for ProjectName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for ProjectName {
    type Err = InvalidName;

    fn from_str(text: &str) -> Result<Self, InvalidName> {
        let is_word = |word: &str| {
            !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        };
        let begins_well = text.starts_with(|first: char| first.is_ascii_lowercase());
        if begins_well && text.len() <= LONGEST && text.split('-').all(is_word) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidName(text.to_owned()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_words_joined_by_hyphens() {
        for name in ["a", "word-count", "x2-3y", &"a".repeat(64)] {
            assert_eq!(name.parse::<ProjectName>().expect("a name").to_string(), name);
        }
        for name in ["", "-", "A", "a--b", "a-", "2go", "a_b", "a b", "ä", "../a", &"a".repeat(65)] {
            assert!(name.parse::<ProjectName>().is_err(), "{name}");
        }
        assert_eq!("word-count".parse::<ProjectName>().map(|name| name.snake()).as_deref(), Ok("word_count"));
    }
}
