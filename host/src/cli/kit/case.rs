//! A case as it is written: one JSON object a file, unknown fields refused.

use std::fmt;

use serde::de::{self, Deserializer, MapAccess, SeqAccess, Visitor, value::MapAccessDeserializer};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::config::Span;
use crate::domain::{JsonObject, Status};

/// What the module is given, and what it is to make of it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Case {
    /// The file's name without its ending unless given.
    #[serde(default)]
    pub(super) name: Option<String>,
    #[serde(default = "JsonObject::empty")]
    pub(super) inputs: JsonObject,
    #[serde(default = "JsonObject::empty")]
    pub(super) settings: JsonObject,
    /// State to start from.
    #[serde(default)]
    pub(super) checkpoint: Option<JsonObject>,
    #[serde(default)]
    pub(super) max_duration: Option<Span>,
    /// Whether the module is also killed at its checkpoints.
    #[serde(default = "yes")]
    pub(super) interrupt: bool,
    /// Places in a result or checkpoint that may differ from run to run.
    #[serde(default)]
    pub(super) ignore: Vec<Pointer>,
    pub(super) expect: Expected,
}

/// What a run is to come to.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Expected {
    pub(super) status: End,
    /// Contained in the error's message.
    #[serde(default)]
    pub(super) error: Option<String>,
    #[serde(default)]
    pub(super) results: Option<ExpectedResults>,
    /// Each contained in some line.
    #[serde(default)]
    pub(super) log: Vec<String>,
    /// The last one.
    #[serde(default)]
    pub(super) checkpoint: Option<JsonObject>,
}

/// How a job can end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum End {
    Completed,
    Failed,
    Stopped,
}

/// Exactly these results, in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ExpectedResults {
    Here(Vec<JsonObject>),
    /// In a file beside the case, one JSON object a line.
    Golden(String),
}

/// A place in a JSON value (RFC 6901), such as `/time`; never the whole value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pointer(String);

fn yes() -> bool {
    true
}

impl End {
    pub(super) const fn is(self, status: Status) -> bool {
        match status {
            Status::Completed => matches!(self, Self::Completed),
            Status::Failed => matches!(self, Self::Failed),
            Status::Stopped => matches!(self, Self::Stopped),
            Status::Pending | Status::Running => false,
        }
    }
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Completed => "completed",
            Self::Failed => "failed",
            Self::Stopped => "stopped",
        })
    }
}

impl Case {
    /// The value without what may differ.
    pub(super) fn compared(&self, value: &Value) -> Value {
        let mut value = value.clone();
        self.ignore.iter().for_each(|place| place.remove_from(&mut value));
        value
    }
}

impl Pointer {
    fn remove_from(&self, value: &mut Value) {
        let Some((parent, last)) = self.0.rsplit_once('/') else { return };
        if let Some(Value::Object(fields)) = value.pointer_mut(parent) {
            // `remove` would put the last field in its place.
            fields.retain(|name, _| *name != last.replace("~1", "/").replace("~0", "~"));
        }
    }
}

impl<'de> Deserialize<'de> for Pointer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if text.len() > 1 && text.starts_with('/') {
            return Ok(Self(text));
        }
        Err(de::Error::custom(format!("`{text}` is no JSON pointer to a field, such as `/time` or `/run/seconds`")))
    }
}

impl<'de> Deserialize<'de> for ExpectedResults {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Named {
            golden: String,
        }

        struct Reader;

        impl<'de> Visitor<'de> for Reader {
            type Value = ExpectedResults;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(r#"an array of results, or {"golden": "FILE"}"#)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut results: A) -> Result<ExpectedResults, A::Error> {
                let mut all = Vec::new();
                while let Some(result) = results.next_element()? {
                    all.push(result);
                }
                Ok(ExpectedResults::Here(all))
            }

            fn visit_map<A: MapAccess<'de>>(self, fields: A) -> Result<ExpectedResults, A::Error> {
                let Named { golden } = Named::deserialize(MapAccessDeserializer::new(fields))?;
                if is_beside(&golden) {
                    return Ok(ExpectedResults::Golden(golden));
                }
                Err(de::Error::custom(format!("`{golden}` is no file beside the case, such as `counts.results.jsonl`")))
            }
        }

        deserializer.deserialize_any(Reader)
    }
}

/// `--update` writes there: never outside of the case's folder.
fn is_beside(name: &str) -> bool {
    let mut parts = std::path::Path::new(name).components().peekable();
    parts.peek().is_some() && parts.all(|part| matches!(part, std::path::Component::Normal(_)))
}
