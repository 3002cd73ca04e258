//! Copies of an `SQLite` database: taken while its host runs, checked, and put into a new folder.
//!
//! A backup is one tar archive: `manifest.json`, which says what it is, and `cofferdam.db`. The key that seals secrets is
//! never in it, nor are settings.

mod archive;
mod error;
mod inspect;
mod manifest;
mod restore;
mod take;

pub use error::{BackupError, RestoreError};
pub use manifest::{Manifest, ManifestFile};
pub use restore::{restore, verify};
pub use take::Backup;
pub(super) use take::remove_leftovers;
