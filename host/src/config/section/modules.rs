//! The table `[modules]`: whose modules are taken and run.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::config::problems::Problems;
use crate::config::value::texts;
use crate::registry::{Trust, TrustedKey, Unsigned};

/// Whose modules are taken and run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModulesSection {
    /// Whether a module must be signed by a trusted key, to be added and before each run.
    pub require_signature: bool,
    /// Public keys of minisign, or files with one. In a flag or a variable, joined by commas.
    #[serde(serialize_with = "as_written", deserialize_with = "keys")]
    pub trusted_keys: Vec<TrustedKey>,
}

impl ModulesSection {
    /// The same as the program's own type.
    pub fn trust(&self) -> Trust {
        let unsigned = if self.require_signature { Unsigned::Refused } else { Unsigned::Taken };
        Trust { keys: self.trusted_keys.clone(), unsigned }
    }

    pub(in crate::config) fn check(&self, problems: &mut Problems) {
        if self.require_signature && self.trusted_keys.is_empty() {
            problems.add(
                "modules.trusted_keys",
                "is empty, so no module could be added or run; name a key, or set modules.require_signature = false"
                    .to_owned(),
            );
        }
    }
}

fn as_written<S: Serializer>(keys: &[TrustedKey], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(keys.iter().map(ToString::to_string))
}

fn keys<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<TrustedKey>, D::Error> {
    texts(deserializer)?.iter().map(|text| text.parse().map_err(D::Error::custom)).collect()
}
