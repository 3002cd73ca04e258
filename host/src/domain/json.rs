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
        let Scan { too_deep_at, is_plain } = scan(text.as_bytes());
        if let Some(byte) = too_deep_at {
            return Err(InvalidJson::TooDeep(byte));
        }
        if !is_plain {
            // The first look skips over what numbers and texts are worth; readers of the object will not.
            serde_json::from_str::<serde_json::Value>(&text).map_err(|error| InvalidJson::Syntax(error.to_string()))?;
        }
        Ok(Self(text))
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

/// What a quick look at valid JSON tells.
struct Scan {
    /// The first byte that opens a level too deep.
    too_deep_at: Option<usize>,
    /// No number can be out of range, and no text can have half a character in it.
    is_plain: bool,
}

/// Digits of a number that may be larger than any that a reader can hold.
const LONG_NUMBER: usize = 300;

fn scan(text: &[u8]) -> Scan {
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    let (mut digits, mut is_plain) = (0_usize, true);
    for (at, byte) in text.iter().enumerate() {
        let after_digits = std::mem::replace(&mut digits, 0);
        match byte {
            b'u' if escaped => (escaped, is_plain) = (false, false),
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'{' | b'[' => {
                depth += 1;
                if depth > NESTING_MAX {
                    return Scan { too_deep_at: Some(at), is_plain };
                }
            }
            b'}' | b']' => depth -= 1,
            b'0'..=b'9' => {
                digits = after_digits + 1;
                is_plain &= digits < LONG_NUMBER;
            }
            b'e' | b'E' => is_plain &= after_digits == 0,
            _ => {}
        }
    }
    Scan { too_deep_at: None, is_plain }
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

    #[test]
    fn what_no_reader_can_hold_is_refused() {
        let long = format!("{{\"n\":{}}}", "9".repeat(400));
        for text in [r#"{"n":1e400}"#, r#"{"n":[-2.5E+999]}"#, &long, r#"{"t":"\ud800"}"#, r#"{"\udc00 x":1}"#] {
            assert!(matches!(JsonObject::parse(text), Err(InvalidJson::Syntax(_))), "{text}");
        }
        for text in [r#"{"n":1e300,"t":"\ud83d\ude00","e":true}"#, r#"{"n":1.5e-400}"#, r#"{"1e400":"1e400"}"#] {
            let object = JsonObject::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert!(object.value().is_object());
        }
    }
}
