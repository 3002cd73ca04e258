//! How a module looks to clients.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::api::json::DurationText;
use crate::domain::{Digest, JobLimits, Module, Timestamp};

/// A module.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Module)]
pub(crate) struct ModuleJson<'m> {
    /// `name@version`.
    #[schema(example = "csv-profile@1.0.0")]
    id: String,
    /// Lowercase words joined by single hyphens.
    name: &'m str,
    /// Semantic version.
    #[schema(value_type = String, example = "1.0.0")]
    version: &'m semver::Version,
    /// `sha256:` and 64 hexadecimal digits: the identity of its bytes.
    #[serde(serialize_with = "crate::api::json::digest_text")]
    #[schema(value_type = String)]
    digest: Digest,
    /// For people.
    description: &'m str,
    /// JSON Schema (2020-12) of a job's inputs.
    inputs_schema: &'m Value,
    /// JSON Schema (2020-12) of a job's settings.
    settings_schema: &'m Value,
    /// Size of the component.
    size_bytes: u64,
    /// What it imports: interfaces of the host and of WASI.
    imports: &'m [String],
    /// What it may do beyond computing; nothing until a later version takes grants.
    grants: GrantsJson,
    /// What each of its jobs may use.
    limits: LimitsJson,
    /// When it was added.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

/// What a module may do.
#[derive(Debug, Default, Serialize, ToSchema)]
#[schema(as = Grants)]
pub(crate) struct GrantsJson {
    /// Hosts that it may call.
    http: [String; 0],
    /// Environment variables that it sees.
    env: Empty,
    /// Folders that it sees.
    #[schema(value_type = Vec<Object>)]
    dirs: [Empty; 0],
    /// Limits of its own.
    limits: Empty,
}

/// An object with nothing in it.
#[derive(Debug, Default, Serialize, ToSchema)]
pub(crate) struct Empty {}

/// What each job of a module may use.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Limits)]
pub(crate) struct LimitsJson {
    /// All memories of a job together, in bytes.
    memory: u64,
    /// The most run time; null when there is no limit.
    #[schema(value_type = Option<String>, example = "1h")]
    max_duration: Option<DurationText>,
    /// How long a job may go on after it was told to stop, unless it asks for another time.
    #[schema(value_type = String, example = "5s")]
    stop_grace: DurationText,
    /// The longest log line; longer ones go on in further lines.
    log_line_bytes: u64,
    /// How much log is kept for a job.
    log_bytes: u64,
    /// The largest single result.
    result_bytes: u64,
    /// All results of a job together.
    results_bytes: u64,
    /// The largest checkpoint.
    checkpoint_bytes: u64,
}

impl<'m> ModuleJson<'m> {
    /// The module with the limits that hold for it here.
    pub(crate) fn new(module: &'m Module, limits: &JobLimits) -> Self {
        let info = &module.info;
        Self {
            id: format!("{}@{}", info.name, info.version),
            name: &info.name,
            version: &info.version,
            digest: module.digest,
            description: &info.description,
            inputs_schema: &info.inputs_schema,
            settings_schema: &info.settings_schema,
            size_bytes: module.size_bytes,
            imports: &module.imports,
            grants: GrantsJson::default(),
            limits: limits.into(),
            created_at: module.created_at,
        }
    }
}

impl From<&JobLimits> for LimitsJson {
    fn from(limits: &JobLimits) -> Self {
        Self {
            memory: limits.memory_bytes,
            max_duration: limits.max_duration.map(DurationText),
            stop_grace: DurationText(limits.stop_grace),
            log_line_bytes: limits.log_line_bytes,
            log_bytes: limits.log_bytes,
            result_bytes: limits.result_bytes,
            results_bytes: limits.results_bytes,
            checkpoint_bytes: limits.checkpoint_bytes,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::api::document::assert_documented;
    use crate::domain::ModuleInfo;

    #[test]
    fn a_module_is_what_the_document_says() {
        let module = Module {
            info: ModuleInfo {
                name: "csv-profile".to_owned(),
                version: "1.0.0".parse().expect("a version"),
                description: "Profiles a table".to_owned(),
                inputs_schema: json!({"type": "object"}),
                settings_schema: json!(true),
            },
            digest: Digest::from_bytes([0xab; 32]),
            size_bytes: 12,
            imports: vec!["cofferdam:module/host@0.1.0".to_owned()],
            created_at: Timestamp::from_millis(0),
        };
        let shown = serde_json::to_value(ModuleJson::new(&module, &JobLimits::default())).expect("JSON");
        assert_documented("Module", &shown);
        assert_documented("Grants", &shown["grants"]);
        assert_documented("Limits", &shown["limits"]);
        assert_eq!(shown["id"], "csv-profile@1.0.0");
        assert_eq!(shown["digest"], format!("sha256:{}", "ab".repeat(32)));
        assert_eq!(shown["grants"], json!({"http": [], "env": {}, "dirs": [], "limits": {}}));
        assert_eq!((&shown["limits"]["memory"], &shown["limits"]["max_duration"]), (&json!(256 << 20), &Value::Null));
    }
}
