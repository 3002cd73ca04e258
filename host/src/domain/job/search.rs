//! Words by which jobs are looked for.

use std::str::FromStr;

/// The most characters; an error message is not looked for as a whole.
const LENGTH_MAX: usize = 200;
/// Fewer hexadecimal digits than this are in nearly every id.
const DIGITS_MIN: usize = 4;

/// A text that a job has in its id, its module, its labels or its error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchText(String);

/// The text cannot be looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be 1 to {LENGTH_MAX} characters, without control characters")]
pub struct InvalidSearch;

impl FromStr for SearchText {
    type Err = InvalidSearch;

    fn from_str(text: &str) -> Result<Self, InvalidSearch> {
        let text = text.trim();
        let fits = (1..=LENGTH_MAX).contains(&text.chars().count()) && !text.chars().any(char::is_control);
        if fits { Ok(Self(text.to_owned())) } else { Err(InvalidSearch) }
    }
}

impl SearchText {
    /// As it was written, without what stood around it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The hexadecimal digits of a part of an id, if the text can be one: dashes do not count.
    pub fn id_digits(&self) -> Option<String> {
        let digits: String = self.0.chars().filter(|letter| *letter != '-').collect();
        let fits = digits.len() >= DIGITS_MIN && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        fits.then_some(digits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_trimmed_and_has_a_length() {
        let read = |text: &str| text.parse::<SearchText>().map(|text| text.0);
        assert_eq!(read(" disk full "), Ok("disk full".to_owned()));
        for wrong in ["", "  ", "a\nb", &"x".repeat(201)] {
            assert_eq!(read(wrong), Err(InvalidSearch), "{wrong:?}");
        }
    }

    #[test]
    fn only_what_may_be_part_of_an_id_is_looked_for_in_ids() {
        let digits = |text: &str| text.parse::<SearchText>().expect("a text").id_digits();
        assert_eq!(digits("0199-ABcd"), Some("0199ABcd".to_owned()));
        for other in ["abc", "team", "0199 abcd"] {
            assert_eq!(digits(other), None, "{other}");
        }
    }
}
