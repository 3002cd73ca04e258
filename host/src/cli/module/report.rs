//! What a server reports on a module that is added or would be, for people.

use serde::Deserialize;

use crate::cli::inspect::{Group, table};
use crate::cli::output::{Look, escape};
use crate::config::show_size;
use crate::domain::CapabilityAccess;

/// A module that was added, or would be.
#[derive(Debug, Deserialize)]
pub(super) struct AddedView {
    pub(super) id: String,
    pub(super) digest: String,
    pub(super) size_bytes: u64,
    pub(super) report: ReportView,
    /// Only of a dry run.
    pub(super) prospect: Option<String>,
}

/// What an operator should know of it.
#[derive(Debug, Deserialize)]
pub(super) struct ReportView {
    imports: Vec<Group>,
    grants_needed: Vec<String>,
    difference: Option<DifferenceView>,
}

#[derive(Debug, Deserialize)]
struct DifferenceView {
    before: String,
    imports_added: Vec<String>,
    imports_removed: Vec<String>,
    capabilities_added: Vec<String>,
    inputs_schema_changed: bool,
    settings_schema_changed: bool,
    before_size_bytes: u64,
}

impl AddedView {
    /// What is worth a line below the module's name, each on its own.
    pub(super) fn brief(&self) -> Vec<String> {
        let report = &self.report;
        let denied = report.imports.iter().filter(|group| group.access == CapabilityAccess::Denied);
        let denied: Vec<_> = denied.map(|group| escape::one_line(&group.capability).into_owned()).collect();
        let mut lines = Vec::new();
        if !denied.is_empty() {
            let grants = if report.grants_needed.is_empty() {
                "which no grant gives".to_owned()
            } else {
                format!("grants: {}", listed(&report.grants_needed))
            };
            lines.push(format!("imports what has to be granted: {} ({grants})", denied.join(", ")));
        }
        if let Some(difference) = &report.difference {
            let parts = difference.parts(self.size_bytes);
            let what = if parts.is_empty() { "the same imports and schemas".to_owned() } else { parts.join("; ") };
            lines.push(format!("compared with {}: {what}", escape::one_line(&difference.before)));
        }
        lines
    }

    /// All of it, for a dry run.
    pub(super) fn full(&self, look: Look) -> String {
        let id = escape::one_line(&self.id);
        let prospect = match self.prospect.as_deref() {
            Some("new") => format!("{id} would be added"),
            Some("known") => format!("{id} is there already, with the same bytes"),
            Some("replaced") => format!("{id} would be moved to these bytes"),
            Some("version_exists") => {
                format!("{id} would be refused: it is there with other bytes (--replace moves it)")
            }
            _ => id.into_owned(),
        };
        let mut parts =
            vec![format!("{prospect} ({}, {})", show_size(self.size_bytes), escape::one_line(&self.digest))];
        if !self.report.imports.is_empty() {
            parts.push(table(&self.report.imports, look));
        }
        let mut lines = self.brief();
        if let Some(difference) = &self.report.difference {
            lines.extend(difference.imports_added.iter().map(|import| format!("+ {}", escape::one_line(import))));
            lines.extend(difference.imports_removed.iter().map(|import| format!("- {}", escape::one_line(import))));
        }
        if !lines.is_empty() {
            parts.push(lines.join("\n"));
        }
        parts.join("\n\n")
    }
}

impl DifferenceView {
    fn parts(&self, size_bytes: u64) -> Vec<String> {
        let mut parts = Vec::new();
        if !self.capabilities_added.is_empty() {
            parts.push(format!("now also imports {}", listed(&self.capabilities_added)));
        }
        for (number, word) in [(self.imports_added.len(), "new"), (self.imports_removed.len(), "gone")] {
            if number > 0 {
                parts.push(format!("{number} {} {word}", if number == 1 { "import" } else { "imports" }));
            }
        }
        for (changed, what) in [(self.inputs_schema_changed, "inputs"), (self.settings_schema_changed, "settings")] {
            if changed {
                parts.push(format!("other {what}"));
            }
        }
        match size_bytes.abs_diff(self.before_size_bytes) {
            0 => {}
            more if size_bytes > self.before_size_bytes => parts.push(format!("{} larger", show_size(more))),
            less => parts.push(format!("{} smaller", show_size(less))),
        }
        parts
    }
}

fn listed(names: &[String]) -> String {
    names.iter().map(|name| escape::one_line(name)).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_is_brief_unless_it_is_asked_for() {
        let json = r#"{"id": "m@1.1.0", "digest": "sha256:ab", "size_bytes": 3072, "prospect": "new", "report": {
            "imports": [{"capability": "HTTP", "access": "denied", "meaning": "every request is denied",
                         "interfaces": ["wasi:http/types@0.2.0"]}],
            "grants_needed": ["http"],
            "difference": {"before": "m@1.0.0", "imports_added": ["wasi:http/types@0.2.0"], "imports_removed": [],
                "capabilities_added": ["HTTP"], "inputs_schema_changed": true, "settings_schema_changed": false,
                "before_size_bytes": 1024}}}"#;
        let view: AddedView = serde_json::from_str(json).expect("an answer");
        assert_eq!(
            view.brief(),
            [
                "imports what has to be granted: HTTP (grants: http)",
                "compared with m@1.0.0: now also imports HTTP; 1 import new; other inputs; 2.0 KiB larger"
            ]
        );
        let full = view.full(Look::Plain);
        for words in
            ["m@1.1.0 would be added (3.0 KiB, sha256:ab)", "every request is denied", "+ wasi:http/types@0.2.0"]
        {
            assert!(full.contains(words), "{words}: {full}");
        }
    }
}
