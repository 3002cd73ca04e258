//! A door for `fuzz/`: signatures and keys that anybody wrote.

use super::{Trust, TrustedKey, Unsigned};

/// Whether a host that trusts this key believes a signature; `None` when the key is none. What is refused is refused in
/// words.
pub fn believes(key: &str, signature: &str, component: &[u8]) -> Option<bool> {
    // Anything else would be the name of a file.
    let key = key.starts_with("RW").then(|| key.parse::<TrustedKey>())?;
    let key = key.inspect_err(|refused| assert!(!refused.is_empty())).ok()?;
    assert_eq!(key.to_string().parse::<TrustedKey>().as_ref(), Ok(&key));
    let trust = Trust { keys: vec![key], unsigned: Unsigned::Refused };
    match trust.check(component, signature) {
        Ok(believed) => {
            assert_eq!((believed.key_id.as_str(), believed.text.as_str()), (trust.keys[0].id(), signature));
            Some(true)
        }
        Err(refused) => {
            assert!(!refused.to_string().is_empty());
            Some(false)
        }
    }
}
