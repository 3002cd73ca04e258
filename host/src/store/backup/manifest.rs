//! What a backup says of itself.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The only form of archives so far.
pub(super) const FORMAT: u32 = 1;

/// The first file of an archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The form of the archive.
    pub format: u32,
    /// When it was taken.
    pub created_at: String,
    /// The version of the program that took it.
    pub program: String,
    /// The version of the database's schema.
    pub schema: i64,
    /// How many jobs stand where.
    pub jobs: BTreeMap<String, u64>,
    /// How many versions of modules there are.
    pub modules: u64,
    /// How many secrets there are; the key that opens them is not in the archive.
    pub secrets: u64,
    /// The files after this one.
    pub files: Vec<ManifestFile>,
}

/// A file of an archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManifestFile {
    /// Its name.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// The SHA-256 of its content, in hexadecimal digits.
    pub sha256: String,
}
