//! The job that a schedule starts, as it is kept until then.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::domain::{JobKey, JobQueue, JsonObject, Labels, ModuleRef, Priority, RetryPolicy};

/// Everything that a request to start a job says, but when.
///
/// It is stored as JSON: a field that comes later needs a default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobTemplate {
    /// What to run; a name is looked up anew each time.
    #[serde(with = "text")]
    pub module: ModuleRef,
    /// What the module is given.
    pub inputs: JsonObject,
    /// How it is told to work.
    pub settings: JsonObject,
    /// State to start from.
    pub checkpoint: Option<JsonObject>,
    /// The most run time.
    #[serde(with = "optional_millis")]
    pub max_duration: Option<Duration>,
    /// How long it may go on after it was told to stop.
    #[serde(with = "optional_millis")]
    pub stop_grace: Option<Duration>,
    /// How many runs may end `retryable`.
    pub max_attempts: u32,
    /// The pause after the first of them.
    #[serde(with = "millis")]
    pub backoff: Duration,
    /// Which of the ready jobs starts first.
    pub priority: Priority,
    /// What its owner attaches to it.
    pub labels: Labels,
    /// Which jobs it waits for.
    #[serde(default)]
    pub queue: Option<JobQueue>,
    /// What no other job has that has not ended.
    #[serde(default)]
    pub unique_key: Option<JobKey>,
}

impl JobTemplate {
    /// A module, and nothing else asked for.
    pub fn of(module: ModuleRef) -> Self {
        Self {
            module,
            inputs: JsonObject::empty(),
            settings: JsonObject::empty(),
            checkpoint: None,
            max_duration: None,
            stop_grace: None,
            max_attempts: RetryPolicy::NEVER.max_attempts,
            backoff: RetryPolicy::BACKOFF,
            priority: Priority::default(),
            labels: Labels::default(),
            queue: None,
            unique_key: None,
        }
    }

    /// What becomes of the job when its module fails in a way that may pass.
    pub const fn retry(&self) -> RetryPolicy {
        RetryPolicy { max_attempts: self.max_attempts, backoff: self.backoff }
    }
}

mod text {
    use super::{Deserialize, Deserializer, ModuleRef, Serializer};

    pub(super) fn serialize<S: Serializer>(module: &ModuleRef, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(module)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<ModuleRef, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

mod millis {
    use super::{Deserialize, Deserializer, Duration, Serialize, Serializer, whole};

    pub(super) fn serialize<S: Serializer>(span: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
        whole(*span).serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
        u64::deserialize(deserializer).map(Duration::from_millis)
    }
}

mod optional_millis {
    use super::{Deserialize, Deserializer, Duration, Serialize, Serializer, whole};

    #[expect(clippy::ref_option, reason = "serde gives the field by reference")]
    pub(super) fn serialize<S: Serializer>(span: &Option<Duration>, serializer: S) -> Result<S::Ok, S::Error> {
        span.map(whole).serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Duration>, D::Error> {
        Ok(Option::<u64>::deserialize(deserializer)?.map(Duration::from_millis))
    }
}

fn whole(span: Duration) -> u64 {
    u64::try_from(span.as_millis()).unwrap_or(u64::MAX)
}

/// A stored text is no template.
#[derive(Debug)]
pub struct InvalidTemplate(serde_json::Error);

impl fmt::Display for InvalidTemplate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl JobTemplate {
    /// As it is stored.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("a template has text keys and checked JSON")
    }

    /// From what was stored.
    pub fn from_json(text: &str) -> Result<Self, InvalidTemplate> {
        serde_json::from_str(text).map_err(InvalidTemplate)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_comes_back_as_it_was_stored() {
        let template = JobTemplate {
            module: "report@1.2.0".parse().expect("a module"),
            inputs: JsonObject::parse(r#"{"b": 1, "a" : 2.50}"#).expect("an object"),
            settings: JsonObject::empty(),
            checkpoint: Some(JsonObject::parse(r#"{"n": 3}"#).expect("an object")),
            max_duration: Some(Duration::from_mins(90)),
            stop_grace: None,
            max_attempts: 3,
            backoff: Duration::from_millis(1_500),
            priority: "-7".parse().expect("a priority"),
            labels: std::collections::BTreeMap::from([("team".to_owned(), "billing".to_owned())])
                .try_into()
                .expect("labels"),
            queue: Some(JobQueue { key: "k".parse().expect("a key"), concurrency: Some(2), rate: None }),
            unique_key: Some("u".parse().expect("a key")),
        };
        assert_eq!(JobTemplate::from_json(&template.to_json()).expect("a template"), template);
        assert!(JobTemplate::from_json("{}").is_err());
    }
}
