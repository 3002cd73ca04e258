//! The table `[audit]`: how much is kept of who did what.

use serde::{Deserialize, Serialize};

use crate::config::problems::Problems;
use crate::config::value::Span;
use crate::domain::AuditLimits;

/// How much of the audit log is kept; see [`AuditLimits`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuditSection {
    /// Entries.
    pub entries: u64,
    /// The oldest entry's age.
    pub age: Span,
}

impl Default for AuditSection {
    fn default() -> Self {
        let limits = AuditLimits::default();
        Self { entries: limits.entries, age: Span(limits.age) }
    }
}

impl AuditSection {
    /// The same as the program's own type.
    pub fn limits(&self) -> AuditLimits {
        AuditLimits { entries: self.entries, age: self.age.0 }
    }

    pub(in crate::config) fn check(&self, problems: &mut Problems) {
        let span = |text| Span(humantime::parse_duration(text).expect("written here"));
        problems.range(
            "audit.entries",
            &self.entries,
            &(100..=100_000_000),
            "each takes some 200 bytes of the database",
        );
        problems.range("audit.age", &self.age, &(span("1h")..=span("3650d")), "what is gone cannot be looked up");
    }
}
