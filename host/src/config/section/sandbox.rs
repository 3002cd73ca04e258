//! The table `[sandbox]`: where compiled code is kept.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::config::problems::Problems;
use crate::config::value::{Size, Written, auto_or};
use crate::domain::limits::{GIB, MIB};
use crate::sandbox::SandboxConfig;

/// Where compiled code is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SandboxSection {
    /// The folder for compiled code, which can be deleted at any time; `auto` is `compiled` in the data folder.
    #[serde(with = "auto_or")]
    pub cache_dir: Option<Folder>,
    /// The most that compiled code may take on disk; what was unused for longest goes first.
    pub cache: Size,
}

/// A folder's path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folder(pub PathBuf);

impl Default for SandboxSection {
    fn default() -> Self {
        Self { cache_dir: None, cache: Size(SandboxConfig::default().cache_bytes) }
    }
}

impl SandboxSection {
    /// The folder for compiled code.
    pub fn cache_dir(&self, data_dir: &Path) -> PathBuf {
        self.cache_dir.as_ref().map_or_else(|| data_dir.join("compiled"), |folder| folder.0.clone())
    }

    pub(in crate::config) fn check(&self, problems: &mut Problems) {
        let range = &(Size(64 * MIB)..=Size(1024 * GIB));
        problems.range("sandbox.cache", &self.cache, range, "one Python module compiles to some 37 MB");
    }
}

impl Written for Folder {
    const WHAT: &'static str = "a folder";

    fn read(text: &str) -> Result<Self, String> {
        if text.is_empty() {
            Err("an empty text is no folder; write its path".to_owned())
        } else {
            Ok(Self(text.into()))
        }
    }
}

impl std::fmt::Display for Folder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.display().fmt(f)
    }
}
