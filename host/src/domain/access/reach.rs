//! Whose jobs a caller sees: those of all modules, or of some.

use std::collections::BTreeSet;
use std::sync::Arc;

/// The modules, by name, whose jobs a caller sees and starts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Reach {
    /// Those of all modules.
    #[default]
    All,
    /// Those of these modules alone; for a caller, the others are not there.
    Only(Arc<BTreeSet<String>>),
}

impl Reach {
    /// Those of these modules; of all when none is named.
    pub fn of(names: impl IntoIterator<Item = String>) -> Self {
        let names: BTreeSet<_> = names.into_iter().collect();
        if names.is_empty() { Self::All } else { Self::Only(Arc::new(names)) }
    }

    /// Whether the jobs of this module are among them.
    pub fn includes(&self, module_name: &str) -> bool {
        match self {
            Self::All => true,
            Self::Only(names) => names.contains(module_name),
        }
    }

    /// The names, unless it is all modules.
    pub fn names(&self) -> Option<&BTreeSet<String>> {
        match self {
            Self::All => None,
            Self::Only(names) => Some(names),
        }
    }

    /// The names joined by single spaces, as they are stored; names have no spaces.
    pub fn joined(&self) -> Option<String> {
        self.names().map(|names| names.iter().map(String::as_str).collect::<Vec<_>>().join(" "))
    }
}
