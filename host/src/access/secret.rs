//! The text of a token: `cofferdam_`, 256 random bits in base 62, and a CRC-32 of what stands before it, so that
//! scanners for leaked secrets know one without asking anybody. And that of a ticket, which is gone too soon to be found.

use std::fmt;
use std::str::FromStr;

use sha2::{Digest as _, Sha256};

use crate::domain::TokenHash;

/// How each token begins.
const PREFIX: &str = "cofferdam_";
/// How each ticket begins.
const TICKET: &str = "ticket_";
const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// Digits of 128 bits, and of 32.
const HALF_DIGITS: usize = 22;
const CHECK_DIGITS: usize = 6;

/// A token as its holder has it. Shown once, to whoever made it, and never to a log.
#[derive(Clone)]
pub struct TokenText(String);

/// The text is no token of any Cofferdam host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is not a token of a Cofferdam host, or a part of it is missing")]
pub struct InvalidTokenText;

impl TokenText {
    /// A new one, from the operating system's source of random numbers.
    pub(super) fn random() -> Result<Self, getrandom::Error> {
        let text = random(PREFIX)?;
        let check = check(&text);
        Ok(Self(text + &check))
    }

    /// The text itself, for whoever is to have it.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What is kept of it. Its bits are random and many, so a slow hash would protect nothing more.
    pub fn hash(&self) -> TokenHash {
        TokenHash(Sha256::digest(self.0.as_bytes()).into())
    }
}

impl FromStr for TokenText {
    type Err = InvalidTokenText;

    fn from_str(text: &str) -> Result<Self, InvalidTokenText> {
        let whole = text.len() == PREFIX.len() + 2 * HALF_DIGITS + CHECK_DIGITS
            && text.starts_with(PREFIX)
            && text.bytes().all(|byte| byte == b'_' || byte.is_ascii_alphanumeric());
        if !whole {
            return Err(InvalidTokenText);
        }
        let (body, digits) = text.split_at(text.len() - CHECK_DIGITS);
        if digits == check(body) { Ok(Self(text.to_owned())) } else { Err(InvalidTokenText) }
    }
}

impl fmt::Debug for TokenText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenText")
    }
}

/// A ticket as its holder has it: `ticket_` and 256 random bits in base 62.
#[derive(Clone)]
pub struct TicketText(String);

/// The text is no ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidTicketText;

impl TicketText {
    /// A new one.
    pub(super) fn random() -> Result<Self, getrandom::Error> {
        random(TICKET).map(Self)
    }

    /// The text itself, for whoever is to have it.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What is kept of it.
    pub(super) fn hash(&self) -> TokenHash {
        TokenHash(Sha256::digest(self.0.as_bytes()).into())
    }
}

impl FromStr for TicketText {
    type Err = InvalidTicketText;

    fn from_str(text: &str) -> Result<Self, InvalidTicketText> {
        let whole = text.len() == TICKET.len() + 2 * HALF_DIGITS && text.starts_with(TICKET) && text.is_ascii();
        if whole { Ok(Self(text.to_owned())) } else { Err(InvalidTicketText) }
    }
}

impl fmt::Debug for TicketText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TicketText")
    }
}

/// 256 random bits behind a prefix.
fn random(prefix: &str) -> Result<String, getrandom::Error> {
    let mut halves = [0; 32];
    getrandom::fill(&mut halves)?;
    let (first, second) = halves.split_at(16);
    let digits = [first, second]
        .map(|half| base62(u128::from_be_bytes(half.try_into().expect("half of 32 bytes")), HALF_DIGITS));
    Ok(format!("{prefix}{}", digits.concat()))
}

fn check(body: &str) -> String {
    base62(crc32fast::hash(body.as_bytes()).into(), CHECK_DIGITS)
}

/// A number in base 62, with zeros in front.
fn base62(mut number: u128, digits: usize) -> String {
    let mut text = vec![ALPHABET[0]; digits];
    for digit in text.iter_mut().rev() {
        *digit = ALPHABET[usize::try_from(number % 62).expect("less than 62")];
        number /= 62;
    }
    String::from_utf8(text).expect("the alphabet is ASCII")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_read_as_it_was_made_and_any_slip_is_seen() {
        let token = TokenText::random().expect("random numbers");
        let text = token.reveal();
        assert_eq!((text.len(), text.starts_with(PREFIX)), (60, true), "{text}");
        assert_eq!(text.parse::<TokenText>().map(|read| read.hash()), Ok(token.hash()));
        for at in PREFIX.len()..text.len() {
            let other = if text.as_bytes()[at] == b'x' { "y" } else { "x" };
            let slip = format!("{}{other}{}", &text[..at], &text[at + 1..]);
            assert!(slip.parse::<TokenText>().is_err(), "{slip}");
        }
        for wrong in ["", PREFIX, &text[1..], &text[..59], &format!("{text}0"), &text.replace('_', "-")] {
            assert!(wrong.parse::<TokenText>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn numbers_in_base_62_keep_their_order_and_their_length() {
        assert_eq!(base62(u128::MAX, HALF_DIGITS), "7n42DGM5Tflk9n8mt7Fhc7");
        assert_eq!((base62(0, 6), base62(u32::MAX.into(), 6)), ("000000".to_owned(), "4gfFC3".to_owned()));
    }

    #[test]
    fn no_two_tokens_are_alike_and_none_is_shown_by_accident() {
        let (one, other) = (TokenText::random().expect("random"), TokenText::random().expect("random"));
        assert_ne!(one.hash(), other.hash());
        assert_eq!(format!("{one:?} {:?}", one.hash()), "TokenText TokenHash");
    }
}
