//! Tokens, without their text.

use std::fmt;
use std::str::FromStr;

use super::{Reach, Scopes};
use crate::domain::{Timestamp, TokenId};

/// The longest name, in characters.
const NAME_CHARS: usize = 100;

/// What a token is called by those who keep it: 1 to 100 characters in one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenName(String);

/// The text cannot be a token's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a token's name has 1 to {NAME_CHARS} characters, none of them a control character")]
pub struct InvalidTokenName;

impl FromStr for TokenName {
    type Err = InvalidTokenName;

    fn from_str(text: &str) -> Result<Self, InvalidTokenName> {
        let fits = (1..=NAME_CHARS).contains(&text.chars().count()) && !text.chars().any(char::is_control);
        if fits { Ok(Self(text.to_owned())) } else { Err(InvalidTokenName) }
    }
}

impl TokenName {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TokenName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What everybody who administers a host may know of a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Its identifier, which is no secret.
    pub id: TokenId,
    /// What its keepers call it.
    pub name: TokenName,
    /// What it lets its holder do.
    pub scopes: Scopes,
    /// With which modules' jobs.
    pub reach: Reach,
    /// From when on it lets nobody in; never unless given.
    pub expires_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last let somebody in, to about a minute.
    pub last_used_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
}

impl Token {
    /// Whether it lets its holder in now.
    pub fn holds(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|end| now < end)
    }
}

/// The SHA-256 of a token's text.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct TokenHash(pub [u8; 32]);

impl fmt::Debug for TokenHash {
    /// It opens nothing, but it is of no use in a log either.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenHash")
    }
}

/// A token as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredToken {
    /// What its holder's text is compared with.
    pub hash: TokenHash,
    /// All the rest.
    pub token: Token,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_short_line() {
        for name in ["ci", "Ada's laptop", &"x".repeat(100)] {
            assert_eq!(name.parse::<TokenName>().map(|name| name.to_string()).as_deref(), Ok(name));
        }
        for name in ["", "a\nb", "\u{1b}[31m", &"x".repeat(101)] {
            assert_eq!(name.parse::<TokenName>(), Err(InvalidTokenName), "{name}");
        }
    }

    #[test]
    fn a_token_holds_until_it_expires_or_is_revoked() {
        let at = Timestamp::from_millis;
        let mut token = Token {
            id: TokenId::new(),
            name: "ci".parse().expect("a name"),
            scopes: Scopes::default(),
            reach: Reach::All,
            expires_at: Some(at(10)),
            created_at: at(0),
            last_used_at: None,
            revoked_at: None,
        };
        assert!(token.holds(at(9)) && !token.holds(at(10)));
        token.expires_at = None;
        assert!(token.holds(at(1_000)));
        token.revoked_at = Some(at(5));
        assert!(!token.holds(at(9)));
    }
}
