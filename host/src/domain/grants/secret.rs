//! Secrets: values that the operator keeps here, that modules may use in requests, and that no module ever sees.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::domain::{Timestamp, module};

/// The shortest value, in characters. A shorter one could not be masked in what modules say without masking innocent
/// text.
const VALUE_CHARS_MIN: usize = 8;
/// The longest value: servers take header fields of 8 KiB, and a value may be in one with others.
const VALUE_BYTES_MAX: usize = 4 * 1024;

/// A secret's name: lowercase words joined by single hyphens, 1 to 64 characters, as modules have them.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SecretName(String);

/// A text that is no secret's name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no name of a secret: 1 to 64 characters of lowercase words (a-z, 0-9) joined by single hyphens, such as `billing-api-key`"
)]
pub struct InvalidSecretName(String);

impl SecretName {
    /// Reads a name.
    pub fn parse(text: impl Into<String>) -> Result<Self, InvalidSecretName> {
        let text = text.into();
        if module::is_name(&text) { Ok(Self(text)) } else { Err(InvalidSecretName(text.chars().take(65).collect())) }
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What a module has instead of the value. It is the same in every attempt, so that it may be in a checkpoint.
    pub fn placeholder(&self) -> String {
        format!("{{cofferdam-secret:{}}}", self.0)
    }
}

impl fmt::Display for SecretName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for SecretName {
    type Err = InvalidSecretName;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl TryFrom<String> for SecretName {
    type Error = InvalidSecretName;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(text)
    }
}

impl From<SecretName> for String {
    fn from(name: SecretName) -> Self {
        name.0
    }
}

/// A secret's value. Nothing shows it but [`reveal`](Self::reveal).
#[derive(Clone, PartialEq, Eq)]
pub struct SecretValue(String);

/// Why a text cannot be a secret. Never says the text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidSecretValue {
    /// Too short or too long.
    #[error(
        "it has {0} bytes; a secret has at least {VALUE_CHARS_MIN} characters and at most {VALUE_BYTES_MAX} bytes: shorter ones could not be masked, longer ones fit into no header"
    )]
    Length(usize),
    /// Something that cannot be in a header.
    #[error("it has a control character, or white space at an end; neither can be in the value of a header")]
    Character,
}

impl SecretValue {
    /// Checks that a text can be a secret.
    pub fn parse(text: String) -> Result<Self, InvalidSecretValue> {
        if text.chars().count() < VALUE_CHARS_MIN || text.len() > VALUE_BYTES_MAX {
            return Err(InvalidSecretValue::Length(text.len()));
        }
        if text.chars().any(char::is_control) || text.trim() != text {
            return Err(InvalidSecretValue::Character);
        }
        Ok(Self(text))
    }

    /// The value.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SecretValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretValue(…)")
    }
}

/// What may be told of a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Secret {
    /// Its name.
    pub name: SecretName,
    /// The hosts that may get it, as in a grant of HTTP.
    pub hosts: Vec<String>,
    /// When it was first stored.
    pub created_at: Timestamp,
    /// When its value or its hosts were last changed.
    pub updated_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_can_be_in_a_header_and_shows_itself_to_nobody() {
        let value = SecretValue::parse("s3cret value é".to_owned()).expect("a value");
        assert_eq!(format!("{value:?}"), "SecretValue(…)");
        for (text, words) in [
            ("1234567", "7 bytes"),
            (&"x".repeat(4097), "4097 bytes"),
            ("12345\n678", "control character"),
            (" 12345678", "white space"),
        ] {
            let refused = SecretValue::parse(text.to_owned()).expect_err("refused").to_string();
            assert!(refused.contains(words) && !refused.contains(text), "{refused}");
        }
    }

    #[test]
    fn names_read_as_those_of_modules() {
        assert_eq!(SecretName::parse("api-key").expect("a name").placeholder(), "{cofferdam-secret:api-key}");
        assert!(SecretName::parse("API_KEY").is_err());
        assert!(serde_json::from_str::<SecretName>("\"a b\"").is_err());
    }
}
