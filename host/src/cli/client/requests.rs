//! What this program sends.

use std::collections::BTreeMap;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::{Serialize, Serializer};

use crate::domain::{JobId, JsonObject, ModuleRef, Priority, ScheduleRef, SecretName, Status, Timestamp};

/// A job to start.
#[derive(Debug, Serialize)]
pub(in crate::cli) struct StartBody {
    #[serde(serialize_with = "as_text")]
    pub(in crate::cli) module_id: ModuleRef,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::cli) inputs: Option<JsonObject>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::cli) settings: Option<JsonObject>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::cli) checkpoint: Option<JsonObject>,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "as_span")]
    pub(in crate::cli) max_duration: Option<Duration>,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "as_span")]
    pub(in crate::cli) stop_grace: Option<Duration>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::cli) retry: Option<RetryBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::cli) run_after: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::cli) priority: Option<Priority>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(in crate::cli) labels: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::cli) queue: Option<QueueBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::cli) unique: Option<UniqueBody>,
}

/// Which jobs one waits for.
#[derive(Debug, Serialize)]
pub(in crate::cli) struct QueueBody {
    pub(in crate::cli) key: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::cli) concurrency: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::cli) rate: Option<RateBody>,
}

/// How many jobs start in a time.
#[derive(Debug, Clone, Serialize)]
pub(in crate::cli) struct RateBody {
    pub(in crate::cli) limit: u32,
    pub(in crate::cli) per: String,
}

/// Of which jobs there is only one that has not ended.
#[derive(Debug, Serialize)]
pub(in crate::cli) struct UniqueBody {
    pub(in crate::cli) key: String,
    pub(in crate::cli) on_conflict: &'static str,
}

/// What becomes of a job whose module fails in a way that may pass.
#[derive(Debug, Serialize)]
pub(in crate::cli) struct RetryBody {
    pub(in crate::cli) max_attempts: u32,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "as_span")]
    pub(in crate::cli) backoff: Option<Duration>,
}

/// A token to make.
#[derive(Debug, Serialize)]
pub(in crate::cli) struct TokenBody {
    pub(in crate::cli) name: String,
    pub(in crate::cli) scopes: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "as_span")]
    pub(in crate::cli) expires_in: Option<Duration>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(in crate::cli) modules: Vec<String>,
}

/// What changes when a job is resumed.
#[derive(Debug, Default, Serialize)]
pub(in crate::cli) struct ResumeBody {
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "as_optional_text")]
    pub(in crate::cli) module_id: Option<ModuleRef>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::cli) inputs: Option<JsonObject>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::cli) settings: Option<JsonObject>,
    /// Left out: goes on from the stored one. `Some(None)`: starts over.
    #[expect(clippy::option_option, reason = "the API tells a missing checkpoint from null")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::cli) checkpoint: Option<Option<JsonObject>>,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "as_span")]
    pub(in crate::cli) max_duration: Option<Duration>,
}

/// Which jobs are meant.
#[derive(Debug, Clone, Serialize)]
pub(in crate::cli) struct SelectBody {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::cli) status: Option<Status>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::cli) module_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::cli) labels: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::cli) schedule: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::cli) cursor: Option<String>,
}

/// How to add a module.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::cli) struct AddQuery {
    pub(in crate::cli) replace: bool,
    pub(in crate::cli) dry_run: bool,
}

impl AddQuery {
    pub(super) fn pairs(self) -> Vec<(&'static str, Option<String>)> {
        let word = |wanted: bool| wanted.then(|| "true".to_owned());
        vec![("replace", word(self.replace)), ("dry_run", word(self.dry_run))]
    }
}

/// Where a module came from, and who signed it.
#[derive(Debug, Clone, Default)]
pub(in crate::cli) struct Origin {
    /// A `.minisig` file.
    pub(in crate::cli) signature: Option<Vec<u8>>,
    pub(in crate::cli) source: Option<String>,
}

impl Origin {
    pub(super) fn headers(self) -> Vec<(&'static str, Option<String>)> {
        let signature = self.signature.map(|file| BASE64.encode(file));
        vec![("cofferdam-signature", signature), ("cofferdam-source", self.source)]
    }
}

/// A secret to store. Not `Debug`, so that nothing prints it.
#[derive(Serialize)]
pub(in crate::cli) struct SecretBody {
    pub(in crate::cli) value: String,
    pub(in crate::cli) hosts: Vec<String>,
}

/// Which jobs to list.
#[derive(Debug, Clone, Default)]
pub(in crate::cli) struct JobQuery {
    pub(in crate::cli) status: Option<Status>,
    pub(in crate::cli) module: Option<ModuleRef>,
    pub(in crate::cli) labels: Vec<(String, String)>,
    pub(in crate::cli) schedule: Option<ScheduleRef>,
    pub(in crate::cli) limit: u32,
    pub(in crate::cli) cursor: Option<String>,
}

impl JobQuery {
    pub(super) fn pairs(&self) -> Vec<(&'static str, Option<String>)> {
        vec![
            ("status", self.status.map(|status| status.to_string())),
            ("module_id", self.module.as_ref().map(ToString::to_string)),
            ("labels", (!self.labels.is_empty()).then(|| joined(&self.labels))),
            ("schedule", self.schedule.as_ref().map(ToString::to_string)),
            ("limit", Some(self.limit.to_string())),
            ("cursor", self.cursor.clone()),
        ]
    }
}

fn joined(labels: &[(String, String)]) -> String {
    labels.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(",")
}

/// The path of a job.
pub(super) fn job_path(job: JobId, rest: &str) -> String {
    format!("/v1/jobs/{job}{rest}")
}

/// The path of a module. Its names need no escaping in a path.
pub(super) fn module_path(module: &ModuleRef) -> String {
    format!("/v1/modules/{module}")
}

/// The path of a secret.
pub(super) fn secret_path(name: &SecretName) -> String {
    format!("/v1/secrets/{name}")
}

fn as_text<S: Serializer>(module: &ModuleRef, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(module)
}

#[expect(clippy::ref_option, reason = "serde gives the field by reference")]
fn as_optional_text<S: Serializer>(module: &Option<ModuleRef>, serializer: S) -> Result<S::Ok, S::Error> {
    module.as_ref().map(ToString::to_string).serialize(serializer)
}

#[expect(clippy::ref_option, reason = "serde gives the field by reference")]
pub(super) fn as_span<S: Serializer>(span: &Option<Duration>, serializer: S) -> Result<S::Ok, S::Error> {
    span.map(|span| humantime::format_duration(span).to_string()).serialize(serializer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_checkpoint_and_null_are_told_apart() {
        let text = |body: &ResumeBody| serde_json::to_string(body).expect("plain texts");
        assert_eq!(text(&ResumeBody::default()), "{}");
        let over = ResumeBody { checkpoint: Some(None), ..ResumeBody::default() };
        assert_eq!(text(&over), r#"{"checkpoint":null}"#);
    }

    #[test]
    fn a_start_says_only_what_was_given() {
        let body = StartBody {
            module_id: "hello@1.0.0".parse().expect("a reference"),
            inputs: Some(JsonObject::parse("{\"n\": 1.10}").expect("an object")),
            settings: None,
            checkpoint: None,
            max_duration: Some(Duration::from_mins(90)),
            stop_grace: None,
            retry: Some(RetryBody { max_attempts: 3, backoff: Some(Duration::from_secs(5)) }),
            run_after: None,
            priority: Some("-3".parse().expect("a priority")),
            labels: BTreeMap::from([("team".to_owned(), "billing".to_owned())]),
            queue: None,
            unique: None,
        };
        let text = serde_json::to_string(&body).expect("plain texts");
        assert_eq!(
            text,
            r#"{"module_id":"hello@1.0.0","inputs":{"n": 1.10},"max_duration":"1h 30m","retry":{"max_attempts":3,"backoff":"5s"},"priority":-3,"labels":{"team":"billing"}}"#
        );
    }
}
