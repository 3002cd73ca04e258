//! Modules: what a component says about itself, and what the host knows about it.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Digest, Grants, Timestamp};

/// The longest name, in characters.
const NAME_CHARS: usize = 64;
/// The longest description, in bytes. It is shown in lists.
const DESCRIPTION_BYTES: usize = 16 * 1024;

/// Name, version and bytes: what a job runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModuleLabel {
    /// Lowercase words joined by single hyphens.
    pub name: String,
    /// Semantic version.
    pub version: semver::Version,
    /// The component's bytes.
    #[serde(with = "digest_text")]
    pub digest: Digest,
}

impl fmt::Display for ModuleLabel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.name, self.version)
    }
}

/// What `describe` returned, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModuleInfo {
    /// Lowercase words joined by single hyphens, 1 to 64 characters.
    pub name: String,
    /// Semantic version.
    pub version: semver::Version,
    /// For people.
    pub description: String,
    /// JSON Schema (2020-12) of a job's inputs.
    pub inputs_schema: serde_json::Value,
    /// JSON Schema (2020-12) of a job's settings.
    pub settings_schema: serde_json::Value,
}

/// What is wrong with what `describe` returned.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidModuleInfo {
    /// The name is not made of lowercase words and hyphens.
    #[error(
        "its name `{0}` is not 1 to 64 characters of lowercase words (a-z, 0-9) joined by single hyphens, such as `csv-profile`"
    )]
    Name(String),
    /// The version is no semantic version.
    #[error("its version `{version}` is not a semantic version such as `1.4.0`: {reason}")]
    Version {
        /// What it said.
        version: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The description is too long.
    #[error("its description has {0} bytes; {DESCRIPTION_BYTES} are the most")]
    Description(usize),
    /// A schema is not JSON, not an object, or no JSON Schema.
    #[error("its {which}-schema is not a JSON Schema (2020-12): {reason}")]
    Schema {
        /// `inputs` or `settings`.
        which: &'static str,
        /// What is wrong with it.
        reason: String,
    },
}

/// What `describe` returned, as it came.
#[derive(Debug, Clone)]
pub struct RawModuleInfo {
    /// Name.
    pub name: String,
    /// Version.
    pub version: String,
    /// Description.
    pub description: String,
    /// Schema of the inputs.
    pub inputs_schema: String,
    /// Schema of the settings.
    pub settings_schema: String,
}

impl RawModuleInfo {
    /// Reads it, or says everything that is wrong with it: at least one thing, in the order of the fields.
    pub fn read(self) -> Result<ModuleInfo, Vec<InvalidModuleInfo>> {
        let mut faults = Vec::new();
        let name = noted(name(self.name), &mut faults);
        let version = noted(version(&self.version), &mut faults);
        let description = noted(description(&self.description), &mut faults);
        let inputs_schema = noted(schema("inputs", &self.inputs_schema), &mut faults);
        let settings_schema = noted(schema("settings", &self.settings_schema), &mut faults);
        match (name, version, description, inputs_schema, settings_schema) {
            (Some(name), Some(version), Some(description), Some(inputs_schema), Some(settings_schema)) => {
                Ok(ModuleInfo { name, version, description, inputs_schema, settings_schema })
            }
            _ => Err(faults),
        }
    }
}

/// What was read; a fault goes to the others.
fn noted<T>(read: Result<T, InvalidModuleInfo>, faults: &mut Vec<InvalidModuleInfo>) -> Option<T> {
    read.map_err(|fault| faults.push(fault)).ok()
}

fn name(text: String) -> Result<String, InvalidModuleInfo> {
    if is_name(&text) { Ok(text) } else { Err(InvalidModuleInfo::Name(text.chars().take(NAME_CHARS + 1).collect())) }
}

fn version(text: &str) -> Result<semver::Version, InvalidModuleInfo> {
    semver::Version::parse(text).map_err(|error| InvalidModuleInfo::Version {
        version: text.chars().take(NAME_CHARS).collect(),
        reason: error.to_string(),
    })
}

fn description(text: &str) -> Result<String, InvalidModuleInfo> {
    if text.len() > DESCRIPTION_BYTES {
        return Err(InvalidModuleInfo::Description(text.len()));
    }
    Ok(text.replace('\0', "\u{fffd}"))
}

/// Reads what is to be a JSON Schema as far as this floor knows of schemas: an object or a boolean.
pub fn schema(which: &'static str, text: &str) -> Result<serde_json::Value, InvalidModuleInfo> {
    let refuse = |reason: String| InvalidModuleInfo::Schema { which, reason };
    let value: serde_json::Value = serde_json::from_str(text).map_err(|error| refuse(error.to_string()))?;
    if value.is_object() || value.is_boolean() {
        Ok(value)
    } else {
        Err(refuse("it must be an object or a boolean".to_owned()))
    }
}

/// Whether a text is a module's name: lowercase words joined by single hyphens, 1 to 64 characters.
pub fn is_name(text: &str) -> bool {
    text.len() <= NAME_CHARS
        && text
            .split('-')
            .all(|word| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()))
}

/// A module that the host holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Module {
    /// What it says about itself.
    pub info: ModuleInfo,
    /// Its bytes' identity.
    pub digest: Digest,
    /// Size of the component.
    pub size_bytes: u64,
    /// What it imports: interfaces of the host and of WASI, sorted.
    pub imports: Vec<String>,
    /// What it may do.
    pub grants: Grants,
    /// When it was added.
    pub created_at: Timestamp,
    /// Where it came from, and who signed it.
    pub provenance: Provenance,
}

impl Module {
    /// Name, version and digest.
    pub fn label(&self) -> ModuleLabel {
        ModuleLabel { name: self.info.name.clone(), version: self.info.version.clone(), digest: self.digest }
    }
}

/// What is known of a module's origin. Nothing of it says what the module does.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Provenance {
    /// Where whoever added it fetched it, such as `oci://ghcr.io/acme/words@sha256:…`: that person's word, not checked.
    pub source: Option<String>,
    /// Who signed it; checked when it was added.
    pub signature: Option<ModuleSignature>,
}

/// A signature by minisign: Ed25519 over a hash of the bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModuleSignature {
    /// The id of the key, as minisign shows it: 16 hexadecimal digits.
    pub key_id: String,
    /// What the signer wrote and signed, too.
    pub trusted_comment: String,
    /// The whole `.minisig` file.
    pub text: String,
}

mod digest_text {
    use serde::{Deserialize, Deserializer, Serializer};

    use super::Digest;

    pub(super) fn serialize<S: Serializer>(digest: &Digest, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(digest)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Digest, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_lowercase_words_joined_by_single_hyphens() {
        for name in ["a", "csv-profile", "v2", "0", &"a".repeat(64)] {
            assert!(is_name(name), "{name}");
        }
        for name in ["", "-a", "a-", "a--b", "A", "a_b", "ü", "a b", &"a".repeat(65)] {
            assert!(!is_name(name), "{name}");
        }
    }

    #[test]
    fn everything_that_is_wrong_with_a_description_is_told() {
        let text = |text: &str| text.to_owned();
        let raw = RawModuleInfo {
            name: text("No Name"),
            version: text("1.0"),
            description: text("fine"),
            inputs_schema: text("{"),
            settings_schema: text("[]"),
        };
        let faults: Vec<_> = raw.read().expect_err("four faults").iter().map(ToString::to_string).collect();
        let words = ["its name `No Name`", "its version `1.0`", "its inputs-schema", "its settings-schema"];
        assert!(
            faults.len() == 4 && faults.iter().zip(words).all(|(fault, words)| fault.contains(words)),
            "{faults:?}"
        );
    }
}
