//! What is told about a file, for programs; `sentences` says the same for people.

use std::path::Path;

use serde::Serialize;
use serde_json::Value;

use super::Group;
use crate::api::code_of;
use crate::domain::CapabilityAccess;
use crate::registry::InspectedModule;

/// One file. A field that is null could not be found out, because of what `refusals` says.
#[derive(Debug, Serialize)]
pub(super) struct Report {
    pub(super) file: String,
    /// Whether a host with the same settings would take it.
    pub(super) accepted: bool,
    pub(super) name: Option<String>,
    pub(super) version: Option<String>,
    pub(super) description: Option<String>,
    pub(super) digest: String,
    pub(super) size_bytes: u64,
    pub(super) compile_time_ms: Option<u64>,
    pub(super) start_memory_bytes: Option<u64>,
    pub(super) describe_memory_bytes: Option<u64>,
    pub(super) exports: Vec<String>,
    pub(super) imports: Vec<Group>,
    /// Capabilities that it imports and that nothing is granted of.
    pub(super) not_granted: Vec<String>,
    pub(super) inputs_schema: Option<Value>,
    pub(super) settings_schema: Option<Value>,
    pub(super) refusals: Vec<Refusal>,
}

/// One reason why a host would refuse it: what the problem document of an upload says.
#[derive(Debug, Serialize)]
pub(super) struct Refusal {
    pub(super) code: &'static str,
    pub(super) detail: String,
}

impl Report {
    pub(super) fn of(file: &Path, inspected: InspectedModule) -> Self {
        let InspectedModule { digest, size_bytes, component, faults } = inspected;
        let imports = Group::all(&component.imports);
        let denied = imports.iter().filter(|group| group.access == CapabilityAccess::Denied);
        let info = component.info.as_ref();
        Self {
            file: file.display().to_string(),
            accepted: faults.is_empty(),
            name: info.map(|info| info.name.clone()),
            version: info.map(|info| info.version.to_string()),
            description: info.map(|info| info.description.clone()),
            digest: digest.to_string(),
            size_bytes,
            compile_time_ms: component.compile_time.map(|time| u64::try_from(time.as_millis()).unwrap_or(u64::MAX)),
            start_memory_bytes: component.start_memory_bytes,
            describe_memory_bytes: component.describe_memory_bytes,
            exports: component.exports,
            not_granted: denied.map(|group| group.capability.clone()).collect(),
            imports,
            inputs_schema: info.map(|info| info.inputs_schema.clone()),
            settings_schema: info.map(|info| info.settings_schema.clone()),
            refusals: faults
                .into_iter()
                .map(|fault| Refusal { detail: fault.to_string(), code: code_of(fault) })
                .collect(),
        }
    }

    /// As one JSON object.
    pub(super) fn json(&self) -> String {
        serde_json::to_string(self).expect("texts, numbers and JSON")
    }
}
