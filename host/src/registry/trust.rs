//! Whose modules are taken: keys in minisign's form, and whether a signature by one of them is asked for.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use minisign_verify::{Error, PublicKey, Signature};

use crate::domain::ModuleSignature;

/// How the base64 of every public key of minisign begins: the algorithm's name, `Ed`.
const KEY_BEGINS: &str = "RW";
/// The algorithm's name, before the key's id.
const ALGORITHM_BYTES: usize = 2;

/// Whose modules a host takes and runs.
#[derive(Debug, Clone, Default)]
pub struct Trust {
    /// Whose signature is believed.
    pub keys: Vec<TrustedKey>,
    /// What becomes of a module without one.
    pub unsigned: Unsigned,
}

/// What becomes of a module without a signature.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Unsigned {
    /// It is taken and run like any other.
    #[default]
    Taken,
    /// It is refused, and none of its jobs runs.
    Refused,
}

/// A public key of minisign.
#[derive(Debug, Clone)]
pub struct TrustedKey {
    written: String,
    id: String,
    key: PublicKey,
}

/// Why a module is not believed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TrustError {
    /// It has no signature.
    #[error("the module is not signed, and this host takes only modules that are signed by a key that it trusts")]
    Missing,
    /// The text is no signature.
    #[error("the signature is not what minisign writes into a `.minisig` file: {0}")]
    Malformed(String),
    /// Signed by somebody else.
    #[error("the module is signed with the key {0}, which this host does not trust (`modules.trusted_keys`)")]
    UnknownKey(String),
    /// The key says that it did not sign these bytes.
    #[error("the signature with the key {0} does not fit the component: it is for other bytes, or was changed")]
    Mismatch(String),
    /// In the form of minisign before 0.10, which does not hash first.
    #[error("the signature with the key {0} is of an old kind; sign again with minisign 0.10 or later, without `-l`")]
    OldKind(String),
}

impl Trust {
    /// Checks a signature that came with these bytes.
    pub(super) fn check(&self, bytes: &[u8], text: &str) -> Result<ModuleSignature, TrustError> {
        let malformed = |error: Error| TrustError::Malformed(error.to_string());
        let signature = Signature::decode(text).map_err(malformed)?;
        let encoded = text.lines().nth(1).unwrap_or_default();
        let id = id_in(encoded).ok_or_else(|| TrustError::Malformed("its second line holds no key's id".to_owned()))?;
        let Some(trusted) = self.keys.iter().find(|key| key.id == id) else { return Err(TrustError::UnknownKey(id)) };
        match trusted.key.verify(bytes, &signature, false) {
            Ok(()) => Ok(ModuleSignature {
                key_id: id,
                trusted_comment: signature.trusted_comment().to_owned(),
                text: text.to_owned(),
            }),
            Err(Error::UnexpectedAlgorithm | Error::UnsupportedAlgorithm | Error::UnsupportedLegacyMode) => {
                Err(TrustError::OldKind(id))
            }
            Err(_) => Err(TrustError::Mismatch(id)),
        }
    }
}

impl TrustedKey {
    /// Its id, as minisign shows it.
    pub fn id(&self) -> &str {
        &self.id
    }
}

impl FromStr for TrustedKey {
    type Err = String;

    /// Reads a key, or the file with one, whose path must not begin as keys do.
    fn from_str(text: &str) -> Result<Self, String> {
        let read;
        let key = if text.starts_with(KEY_BEGINS) {
            text
        } else {
            read = std::fs::read_to_string(text).map_err(|error| {
                format!(
                    "`{text}` is neither a public key of minisign (`RW…`) nor a file with one that can be read: {error}"
                )
            })?;
            // The line before the key is a comment.
            read.lines().map(str::trim).find(|line| line.starts_with(KEY_BEGINS)).unwrap_or_default()
        };
        let refuse = || format!("`{text}` holds no public key of minisign, which is 56 characters beginning with `RW`");
        let id = id_in(key).ok_or_else(refuse)?;
        let key = PublicKey::from_base64(key).map_err(|_| refuse())?;
        Ok(Self { written: text.to_owned(), id, key })
    }
}

/// The id in the base64 of a key or a signature, as minisign shows it.
fn id_in(encoded: &str) -> Option<String> {
    let bytes = BASE64.decode(encoded.trim()).ok()?;
    let id = bytes.get(ALGORITHM_BYTES..)?.first_chunk()?;
    Some(format!("{:016X}", u64::from_le_bytes(*id)))
}

impl fmt::Display for TrustedKey {
    /// As the operator wrote it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written)
    }
}

impl PartialEq for TrustedKey {
    fn eq(&self, other: &Self) -> bool {
        (&self.written, &self.id) == (&other.written, &other.id)
    }
}

impl Eq for TrustedKey {}

#[cfg(test)]
mod tests {
    use super::*;

    /// From the documentation of the crate that checks signatures.
    const KEY: &str = "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3";
    const SIGNATURE: &str = "untrusted comment: signature from minisign secret key
RUQf6LRCGA9i559r3g7V1qNyJDApGip8MfqcadIgT9CuhV3EMhHoN1mGTkUidF/z7SrlQgXdy8ofjb7bNJJylDOocrCo8KLzZwo=
trusted comment: timestamp:1633700835\tfile:test\tprehashed
wLMDjy9FLAuxZ3q4NlEvkgtyhrr0gtTu6KC4KBJdITbbOeAi1zBIYo0v4iTgt8jJpIidRJnp94ABQkJAgAooBQ==";

    fn trust(keys: &[&str]) -> Trust {
        let keys = keys.iter().map(|key| key.parse().expect("a key")).collect();
        Trust { keys, unsigned: Unsigned::Refused }
    }

    #[test]
    fn a_signature_is_believed_for_its_bytes_and_its_key_alone() {
        let signature = trust(&[KEY]).check(b"test", SIGNATURE).expect("it fits");
        assert_eq!((signature.key_id.as_str(), signature.text.as_str()), ("E7620F1842B4E81F", SIGNATURE));
        assert!(signature.trusted_comment.contains("file:test"), "{}", signature.trusted_comment);
        let mismatch = TrustError::Mismatch("E7620F1842B4E81F".to_owned());
        assert_eq!(trust(&[KEY]).check(b"tesT", SIGNATURE), Err(mismatch.clone()));
        let other_comment = SIGNATURE.replace("file:test", "file:best");
        assert_eq!(trust(&[KEY]).check(b"test", &other_comment), Err(mismatch));
        assert_eq!(trust(&[]).check(b"test", SIGNATURE), Err(TrustError::UnknownKey("E7620F1842B4E81F".to_owned())));
        for text in ["", "signed", "a\nb\nc\nd", &SIGNATURE[..100]] {
            assert!(matches!(trust(&[KEY]).check(b"test", text), Err(TrustError::Malformed(_))), "{text}");
        }
    }

    #[test]
    fn a_key_is_its_text_or_a_file_with_it() {
        let file = tempfile::NamedTempFile::new().expect("a file");
        std::fs::write(file.path(), format!("untrusted comment: minisign public key\n{KEY}\n")).expect("written");
        let path = file.path().to_str().expect("a path in UTF-8");
        let key: TrustedKey = path.parse().expect("a key");
        assert_eq!((key.id(), key.to_string().as_str()), ("E7620F1842B4E81F", path));
        for (text, words) in
            [("/nowhere/minisign.pub", "nor a file"), ("RWQf6", "56 characters"), ("/dev/null", "holds no")]
        {
            let refused = text.parse::<TrustedKey>().expect_err(text);
            assert!(refused.contains(words) && refused.contains(text), "{refused}");
        }
    }
}
