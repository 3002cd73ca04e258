//! The table `[secrets]`: values that modules may use in requests and never see.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::Folder;
use crate::config::value::auto_or;

/// How secrets are kept.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SecretsSection {
    /// The file with the key that seals the values in the database: 32 bytes in Base64, readable for its owner alone. It
    /// is made when there is none. Nodes that share a database need the same key. `auto` is `secrets.key` in the data
    /// folder.
    #[serde(with = "auto_or")]
    pub key_file: Option<Folder>,
}

impl SecretsSection {
    /// The file with the key.
    pub fn key_file(&self, data_dir: &Path) -> PathBuf {
        self.key_file.as_ref().map_or_else(|| data_dir.join("secrets.key"), |file| file.0.clone())
    }
}
