//! How the report on a module looks to clients.

use serde::Serialize;
use utoipa::ToSchema;

use super::module_json::ModuleJson;
use crate::domain::{CapabilityAccess, JobLimits, Module};
use crate::registry::{Difference, ModuleReport, Prospect};

/// What an operator should know of a module: what it asks for, and what is other than in the version before.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ModuleReport)]
pub(crate) struct ReportJson {
    /// `name@version`.
    #[schema(example = "csv-profile@1.1.0")]
    id: String,
    /// What it imports, by what that lets it do.
    imports: Vec<GroupJson>,
    /// Fields of the grants that it would need to use all of them: `http`, `env`, `dirs`. Toolchains often import what a
    /// module never uses.
    #[schema(value_type = Vec<String>)]
    grants_needed: Vec<&'static str>,
    /// What is other than in the version before: the same version with other bytes, or else the next lower one.
    difference: Option<DifferenceJson>,
}

/// Imports of one capability.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ImportGroup)]
pub(crate) struct GroupJson {
    /// What people call it.
    #[schema(value_type = String, example = "file system")]
    capability: &'static str,
    /// Whether modules may: `always`, `denied` unless it is granted, or `not-offered`.
    #[schema(value_type = String)]
    access: CapabilityAccess,
    /// What it comes to.
    #[schema(value_type = String)]
    meaning: &'static str,
    /// The imports.
    interfaces: Vec<String>,
}

/// Two versions side by side.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ModuleDifference)]
pub(crate) struct DifferenceJson {
    /// The version before, as `name@version`.
    before: String,
    /// Its digest.
    #[schema(value_type = String)]
    before_digest: String,
    /// Imports that are new.
    imports_added: Vec<String>,
    /// Imports that are gone.
    imports_removed: Vec<String>,
    /// What the new imports let it do that the old ones did not.
    #[schema(value_type = Vec<String>)]
    capabilities_added: Vec<&'static str>,
    /// Whether its inputs are described otherwise.
    inputs_schema_changed: bool,
    /// Whether its settings are described otherwise.
    settings_schema_changed: bool,
    /// How large it was.
    before_size_bytes: u64,
}

/// A module that was added, or would be.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AddedModule)]
pub(crate) struct AddedJson<'m> {
    #[serde(flatten)]
    module: ModuleJson<'m>,
    /// What an operator should know of it.
    report: ReportJson,
    /// Only with `dry_run`: what adding it would come to: `new`, `known`, `replaced`, or `version_exists`, which would be
    /// refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    prospect: Option<&'static str>,
}

impl<'m> AddedJson<'m> {
    pub(crate) fn new(
        module: &'m Module,
        report: ModuleReport,
        prospect: Option<Prospect>,
        limits: &JobLimits,
    ) -> Self {
        let prospect = prospect.map(|prospect| match prospect {
            Prospect::New => "new",
            Prospect::Known => "known",
            Prospect::Replaced => "replaced",
            Prospect::VersionExists => "version_exists",
        });
        Self { module: ModuleJson::new(module, limits), report: ReportJson::new(module, report), prospect }
    }
}

impl ReportJson {
    pub(crate) fn new(module: &Module, report: ModuleReport) -> Self {
        let grants_needed = report.grants_needed().collect();
        let imports = report.capabilities.into_iter().map(|(group, interfaces)| GroupJson {
            capability: group.name,
            access: group.access,
            meaning: group.meaning,
            interfaces,
        });
        Self {
            id: module.label().to_string(),
            imports: imports.collect(),
            grants_needed,
            difference: report.difference.map(DifferenceJson::new),
        }
    }
}

impl DifferenceJson {
    fn new(difference: Difference) -> Self {
        let Difference { before, imports_added, imports_removed, capabilities_added, .. } = difference;
        let Difference { inputs_schema_changed, settings_schema_changed, .. } = difference;
        Self {
            before: before.label().to_string(),
            before_digest: before.digest.to_string(),
            imports_added,
            imports_removed,
            capabilities_added,
            inputs_schema_changed,
            settings_schema_changed,
            before_size_bytes: before.size_bytes,
        }
    }
}
