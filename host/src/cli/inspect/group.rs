//! What a component imports, grouped by what that lets it do.

use serde::{Deserialize, Serialize};

use crate::cli::output::{Cell, Look, Table};
use crate::domain::CapabilityAccess;
use crate::domain::grants::capability::grouped;

/// Imports of one capability, as this program shows them and as a server answers them.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(in crate::cli) struct Group {
    pub(in crate::cli) capability: String,
    pub(in crate::cli) access: CapabilityAccess,
    pub(in crate::cli) meaning: String,
    pub(in crate::cli) interfaces: Vec<String>,
}

impl Group {
    /// All imports, in groups.
    pub(super) fn all(imports: &[String]) -> Vec<Self> {
        let group = |(capability, interfaces): (crate::domain::Capability, Vec<&str>)| Self {
            capability: capability.name.to_owned(),
            access: capability.access,
            meaning: capability.meaning.to_owned(),
            interfaces: interfaces.into_iter().map(str::to_owned).collect(),
        };
        grouped(imports).into_iter().map(group).collect()
    }
}

/// The groups for people.
pub(in crate::cli) fn table(groups: &[Group], look: Look) -> String {
    let mut table = Table::new(look, &["imports", "may it?", "what that is", "interfaces"]).flexible(3);
    for group in groups {
        let access = match group.access {
            CapabilityAccess::Always => "always",
            CapabilityAccess::Denied => "not granted",
            CapabilityAccess::NotOffered => "not offered",
        };
        table.row(vec![
            Cell::Text(group.capability.clone()),
            Cell::Text(access.to_owned()),
            Cell::Text(group.meaning.clone()),
            Cell::Text(group.interfaces.join(", ")),
        ]);
    }
    table.render()
}
