//! What deliveries are signed with, as Standard Webhooks has it: `whsec_` and the key in Base64.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use standardwebhooks::Webhook as Signer;

use crate::domain::{EventId, Timestamp, WebhookId};

const PREFIX: &str = "whsec_";
/// Bytes of a key that is made here.
const MADE: usize = 32;
/// Bytes that a key may have, by the specification.
const LEAST: usize = 24;
const MOST: usize = 64;

/// A signing secret. Shown once, to whoever made it, and never to a log.
#[derive(Clone, PartialEq, Eq)]
pub struct SigningSecret(String);

/// The text is no signing secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "is no signing secret; one is `{PREFIX}` and {LEAST} to {MOST} bytes in Base64, such as a host makes when none is given"
)]
pub struct InvalidSigningSecret;

impl SigningSecret {
    /// A new one, from the operating system's source of random numbers.
    pub(super) fn random() -> Result<Self, getrandom::Error> {
        let mut key = [0; MADE];
        getrandom::fill(&mut key)?;
        Ok(Self(format!("{PREFIX}{}", STANDARD.encode(key))))
    }

    /// The text itself, for whoever is to have it.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What stands in the header `webhook-signature` for it.
    pub(super) fn sign(&self, event: EventId, now: Timestamp, body: &str) -> String {
        let signer = Signer::new(&self.0).expect("it was read, or made here");
        signer.sign(&event.to_string(), now.millis() / 1000, body.as_bytes()).expect("a body is text")
    }
}

impl FromStr for SigningSecret {
    type Err = InvalidSigningSecret;

    fn from_str(text: &str) -> Result<Self, InvalidSigningSecret> {
        let key = text.strip_prefix(PREFIX).and_then(|key| STANDARD.decode(key).ok());
        match key {
            Some(key) if (LEAST..=MOST).contains(&key.len()) => Ok(Self(text.to_owned())),
            Some(_) | None => Err(InvalidSigningSecret),
        }
    }
}

impl fmt::Debug for SigningSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningSecret")
    }
}

/// Sealed together with the secret, so that nobody who can write to the database can give one webhook another's.
pub(super) fn beside(webhook: WebhookId) -> Vec<u8> {
    format!("cofferdam-webhook-1 {webhook}").into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_has_the_form_and_the_length_of_the_specification() {
        let made = SigningSecret::random().expect("random bytes");
        assert_eq!(made.reveal().parse(), Ok(made.clone()));
        assert!(!format!("{made:?}").contains(made.reveal()));
        let of = |bytes: usize| format!("{PREFIX}{}", STANDARD.encode(vec![7; bytes]));
        for text in ["", "whsec_", "whsec_!!", &of(23), &of(65), of(32).strip_prefix(PREFIX).unwrap_or_default()] {
            assert_eq!(text.parse::<SigningSecret>(), Err(InvalidSigningSecret), "{text}");
        }
        assert!(of(24).parse::<SigningSecret>().is_ok() && of(64).parse::<SigningSecret>().is_ok());
    }
}
