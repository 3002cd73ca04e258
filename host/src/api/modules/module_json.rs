//! How a module looks to clients.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::grants::grants_json::GrantsJson;
use crate::api::limits_json::LimitsJson;
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
    /// What it may do beyond computing.
    #[schema(value_type = GrantsJson)]
    grants: GrantsJson<'m>,
    /// What each of its jobs may use.
    limits: LimitsJson,
    /// When it was added.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// Where whoever added it fetched it, as that person said.
    #[schema(example = "oci://ghcr.io/acme/words@sha256:…")]
    source: Option<&'m str>,
    /// The id of the key that it is signed with.
    #[schema(example = "E7620F1842B4E81F")]
    signed_by: Option<&'m str>,
    /// What the signer wrote and signed, too.
    trusted_comment: Option<&'m str>,
}

impl<'m> ModuleJson<'m> {
    /// The module with the limits that hold for it here.
    pub(crate) fn new(module: &'m Module, limits: &JobLimits) -> Self {
        let (info, signature) = (&module.info, module.provenance.signature.as_ref());
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
            grants: (&module.grants).into(),
            limits: (&module.grants.limits.lower(limits.clone())).into(),
            created_at: module.created_at,
            source: module.provenance.source.as_deref(),
            signed_by: signature.map(|signature| signature.key_id.as_str()),
            trusted_comment: signature.map(|signature| signature.trusted_comment.as_str()),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::api::document::assert_documented;
    use crate::domain::{Grants, ModuleInfo, Provenance};

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
            grants: Grants::from_json(r#"{"limits": {"max_duration": "1m"}}"#).expect("grants"),
            created_at: Timestamp::from_millis(0),
            provenance: Provenance::default(),
        };
        let shown = serde_json::to_value(ModuleJson::new(&module, &JobLimits::default())).expect("JSON");
        assert_documented("Module", &shown);
        assert_documented("Grants", &shown["grants"]);
        assert_documented("Limits", &shown["limits"]);
        assert_eq!(shown["id"], "csv-profile@1.0.0");
        assert_eq!(shown["digest"], format!("sha256:{}", "ab".repeat(32)));
        assert_eq!(
            shown["grants"],
            json!({"http": [], "env": {}, "dirs": [], "secrets": [], "limits": {"max_duration": "1m"}})
        );
        assert_eq!((&shown["limits"]["memory"], &shown["limits"]["cpu_time"]), (&json!(256 << 20), &Value::Null));
        assert_eq!(shown["limits"]["max_duration"], "1m");
    }
}
