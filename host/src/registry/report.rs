//! What an operator should know of a module before it runs: what it asks for, and what is other than in the version
//! before.

use super::add::{Candidate, OnConflict};
use super::registry::Registry;
use crate::domain::grants::capability::grouped;
use crate::domain::{Capability, CapabilityAccess, Module};
use crate::store::{ModuleEntry, StoreError};

/// What is known of a module's wishes.
#[derive(Debug, Clone)]
pub struct ModuleReport {
    /// What it imports, by what that lets it do, in the order of [`grouped`].
    pub capabilities: Vec<(Capability, Vec<String>)>,
    /// What is other than in the version before; `None` when there is none.
    pub difference: Option<Difference>,
}

/// What adding a module would come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Prospect {
    /// It would be there as a new version.
    New,
    /// Nothing would change: the same bytes are there.
    Known,
    /// Its version would be moved away from other bytes.
    Replaced,
    /// It would be refused: its version has other bytes.
    VersionExists,
}

/// Two versions side by side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The one before.
    pub before: Module,
    /// Imports that are new.
    pub imports_added: Vec<String>,
    /// Imports that are gone.
    pub imports_removed: Vec<String>,
    /// What the new imports let it do that the old ones did not.
    pub capabilities_added: Vec<&'static str>,
    /// Whether its inputs are described otherwise.
    pub inputs_schema_changed: bool,
    /// Whether its settings are described otherwise.
    pub settings_schema_changed: bool,
}

impl ModuleReport {
    fn of(module: &Module, before: Option<Module>) -> Self {
        let owned = |names: Vec<&str>| names.into_iter().map(str::to_owned).collect();
        Self {
            capabilities: grouped(&module.imports).into_iter().map(|(group, names)| (group, owned(names))).collect(),
            difference: before.map(|before| Difference::between(before, module)),
        }
    }

    /// Fields of the grants that it would need to use what it imports.
    pub fn grants_needed(&self) -> impl Iterator<Item = &'static str> {
        let denied = self.capabilities.iter().filter(|(group, _)| group.access == CapabilityAccess::Denied);
        denied.filter_map(|(group, _)| group.grant())
    }
}

impl Difference {
    fn between(before: Module, now: &Module) -> Self {
        let missing = |from: &[String], of: &[String]| -> Vec<String> {
            of.iter().filter(|import| !from.contains(import)).cloned().collect()
        };
        let had: Vec<_> = grouped(&before.imports).into_iter().map(|(group, _)| group.name).collect();
        let has = grouped(&now.imports).into_iter().map(|(group, _)| group.name);
        Self {
            imports_added: missing(&before.imports, &now.imports),
            imports_removed: missing(&now.imports, &before.imports),
            capabilities_added: has.filter(|name| !had.contains(name)).collect(),
            inputs_schema_changed: before.info.inputs_schema != now.info.inputs_schema,
            settings_schema_changed: before.info.settings_schema != now.info.settings_schema,
            before,
        }
    }
}

impl Registry {
    /// The report on a module, whether it is there already or is still to be added.
    pub async fn report(&self, module: &Module) -> Result<ModuleReport, StoreError> {
        let entries = self.inner.store.versions(&module.info.name).await?;
        let before = match before(&entries, module) {
            Some(entry) => self.inner.store.module(entry.digest).await?,
            None => None,
        };
        Ok(ModuleReport::of(module, before))
    }

    /// What [`keep`](Self::keep) would do now.
    pub async fn prospect(&self, candidate: &Candidate, on_conflict: OnConflict) -> Result<Prospect, StoreError> {
        let module = candidate.module();
        let entries = self.inner.store.versions(&module.info.name).await?;
        let same = entries.iter().find(|entry| entry.version == module.info.version);
        Ok(match same {
            None => Prospect::New,
            Some(entry) if entry.digest == module.digest => Prospect::Known,
            Some(_) if on_conflict == OnConflict::Replace => Prospect::Replaced,
            Some(_) => Prospect::VersionExists,
        })
    }
}

/// The bytes that its version has so far, or else the next lower version.
fn before<'e>(entries: &'e [ModuleEntry], module: &Module) -> Option<&'e ModuleEntry> {
    let others = entries.iter().filter(|entry| entry.digest != module.digest);
    others.filter(|entry| entry.version <= module.info.version).max_by(|a, b| a.version.cmp(&b.version))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::grants::capability::Capability;
    use crate::domain::{Digest, Grants, ModuleInfo, Provenance, Timestamp};
    use crate::sandbox::offered_interfaces;

    fn module(number: u8, version: &str, imports: &[&str]) -> Module {
        let info = ModuleInfo {
            name: "m".to_owned(),
            version: version.parse().expect("a version"),
            description: String::new(),
            inputs_schema: json!({}),
            settings_schema: json!({"v": version}),
        };
        Module {
            info,
            digest: Digest::from_bytes([number; 32]),
            size_bytes: number.into(),
            imports: imports.iter().map(|&import| import.to_owned()).collect(),
            grants: Grants::default(),
            created_at: Timestamp::from_millis(0),
            provenance: Provenance::default(),
        }
    }

    #[test]
    fn everything_that_the_host_offers_has_a_name_for_people() {
        let unknown = |import: &String| Capability::of(import).access == CapabilityAccess::NotOffered;
        let unknown: Vec<_> = offered_interfaces().filter(unknown).collect();
        assert!(unknown.is_empty(), "{unknown:?}");
    }

    #[test]
    fn the_version_before_is_the_same_with_other_bytes_or_the_next_lower_one() {
        let entry = |number: u8, version: &str| {
            let Module { info, digest, .. } = module(number, version, &[]);
            ModuleEntry { name: info.name, version: info.version, digest }
        };
        let entries = [entry(1, "1.0.0"), entry(2, "2.0.0"), entry(3, "1.10.0"), entry(4, "2.0.0-rc.1")];
        for (number, version, expected) in [
            (9, "1.5.0", Some("1.0.0")),
            (9, "2.0.0", Some("2.0.0")),
            (2, "2.0.0", Some("2.0.0-rc.1")),
            (9, "0.1.0", None),
        ] {
            let found = before(&entries, &module(number, version, &[])).map(|entry| entry.version.to_string());
            assert_eq!(found.as_deref(), expected, "{number} {version}");
        }
    }

    #[test]
    fn a_report_names_what_is_new_and_what_would_have_to_be_granted() {
        let old = module(1, "1.0.0", &["wasi:cli/stdout@0.2.6", "wasi:filesystem/types@0.2.6"]);
        let new = module(
            2,
            "1.1.0",
            &["wasi:cli/stdout@0.2.6", "wasi:http/outgoing-handler@0.2.6", "wasi:sockets/tcp@0.2.6"],
        );
        let report = ModuleReport::of(&new, Some(old.clone()));
        assert_eq!(report.grants_needed().collect::<Vec<_>>(), ["http"], "no grant gives sockets");
        let difference = report.difference.expect("there is a version before");
        assert_eq!(difference.imports_added, ["wasi:http/outgoing-handler@0.2.6", "wasi:sockets/tcp@0.2.6"]);
        assert_eq!(difference.imports_removed, ["wasi:filesystem/types@0.2.6"]);
        assert_eq!(difference.capabilities_added, ["sockets", "HTTP"]);
        assert!(!difference.inputs_schema_changed && difference.settings_schema_changed);
        assert_eq!(difference.before, old);
        assert!(ModuleReport::of(&old, None).difference.is_none());
    }
}
