//! JSON objects as they travel from a client or a guest to the database and back: checked once, then kept as text.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

/// How deep arrays and objects may be nested. Deeper text would be valid JSON that common parsers refuse.
pub const NESTING_MAX: usize = 127;

/// The text of one JSON object, valid and of bounded depth.
#[derive(Clone, PartialEq, Eq)]
pub struct JsonObject(Arc<str>);

/// Why a text is not a JSON object that the host takes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidJson {
    /// Not JSON; says what and where.
    #[error("not valid JSON: {0}")]
    Syntax(String),
    /// JSON, but something other than an object.
    #[error("a JSON object is needed, found {0}")]
    NotAnObject(&'static str),
    /// Nested too deep.
    #[error("nested deeper than {NESTING_MAX} levels at byte {0}")]
    TooDeep(usize),
}

impl JsonObject {
    /// Checks that a text is one JSON object and keeps it as it is.
    pub fn parse(text: impl Into<Arc<str>>) -> Result<Self, InvalidJson> {
        let text = text.into();
        serde_json::from_str::<&RawValue>(&text).map_err(|error| InvalidJson::Syntax(error.to_string()))?;
        match text.trim_ascii_start().as_bytes().first() {
            Some(b'{') => {}
            Some(b'[') => return Err(InvalidJson::NotAnObject("an array")),
            Some(b'"') => return Err(InvalidJson::NotAnObject("a string")),
            Some(b't' | b'f') => return Err(InvalidJson::NotAnObject("a boolean")),
            Some(b'n') => return Err(InvalidJson::NotAnObject("null")),
            _ => return Err(InvalidJson::NotAnObject("a number")),
        }
        match too_deep_at(text.as_bytes()) {
            Some(byte) => Err(InvalidJson::TooDeep(byte)),
            None => Ok(Self(text)),
        }
    }

    /// Text that this host has checked before it stored it.
    pub(crate) fn from_stored(text: String) -> Self {
        Self(text.into())
    }

    /// `{}`.
    pub fn empty() -> Self {
        Self("{}".into())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The object as a value, for instance to check it against a schema.
    pub fn value(&self) -> serde_json::Value {
        serde_json::from_str(&self.0).expect("the text was checked when it was parsed")
    }
}

/// The first byte that opens a level too deep, in text that is valid JSON.
fn too_deep_at(text: &[u8]) -> Option<usize> {
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for (at, byte) in text.iter().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'{' | b'[' if !in_string => {
                depth += 1;
                if depth > NESTING_MAX {
                    return Some(at);
                }
            }
            b'}' | b']' if !in_string => depth -= 1,
            _ => {}
        }
    }
    None
}

impl fmt::Debug for JsonObject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for JsonObject {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serde_json::from_str::<&RawValue>(&self.0)
            .expect("the text was checked when it was parsed")
            .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for JsonObject {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        Self::parse(raw.get()).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_objects_of_bounded_depth_pass() {
        assert!(JsonObject::parse(r#" {"a": "}]{[\""} "#).is_ok());
        assert!(matches!(JsonObject::parse("[1]"), Err(InvalidJson::NotAnObject("an array"))));
        assert!(matches!(JsonObject::parse("12"), Err(InvalidJson::NotAnObject("a number"))));
        assert!(matches!(JsonObject::parse("{} x"), Err(InvalidJson::Syntax(_))));
        assert!(matches!(JsonObject::parse(""), Err(InvalidJson::Syntax(_))));
        let nested = |levels: usize| format!("{{\"a\":{}1{}}}", "[".repeat(levels - 1), "]".repeat(levels - 1));
        assert!(JsonObject::parse(nested(NESTING_MAX)).is_ok());
        assert!(JsonObject::parse(nested(NESTING_MAX)).map(|object| object.value()).is_ok());
        assert!(matches!(JsonObject::parse(nested(NESTING_MAX + 1)), Err(InvalidJson::TooDeep(_))));
    }
}
