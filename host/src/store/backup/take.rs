//! Takes a backup of the database that this process has open.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

use tokio::sync::OwnedSemaphorePermit;

use super::archive::{DATABASE, archive_bytes, copy_hashed, manifest_text, write};
use super::inspect::content;
use super::manifest::FORMAT;
use super::{BackupError, Manifest, ManifestFile};
use crate::domain::Timestamp;
use crate::store::Store;

/// How the copy's file in the data folder begins and ends, for as long as it has a name.
const COPY: (&str, &str) = ("backup-", ".db");

/// A copy of the database as it was at a moment, ready to be written. It takes room in the data folder until it is dropped.
pub struct Backup {
    manifest: Vec<u8>,
    /// It has no name any more.
    database: File,
    database_bytes: u64,
    /// One is taken at a time.
    _permit: OwnedSemaphorePermit,
}

impl Backup {
    /// How many bytes [`write_to`](Self::write_to) writes.
    pub fn bytes(&self) -> u64 {
        archive_bytes(self.manifest.len(), self.database_bytes)
    }

    /// Writes the archive. Blocks.
    pub fn write_to(self, out: impl Write) -> io::Result<()> {
        write(out, &self.manifest, (self.database, self.database_bytes))
    }
}

impl Store {
    /// Copies the database as it is now. Whoever writes goes on meanwhile.
    pub async fn back_up(&self, program: &str, now: Timestamp) -> Result<Backup, BackupError> {
        let (Some(disk), Some(upkeep)) = (&self.inner.disk, &self.inner.upkeep) else {
            return Err(BackupError::OtherDatabase);
        };
        let permit = self.inner.backup.clone().try_acquire_owned().map_err(|_| BackupError::UnderWay)?;
        let needed = self.database_use().await?.used_bytes + disk.kept_free_bytes();
        if let Some(free) = disk.free_bytes().filter(|free| *free < needed) {
            return Err(BackupError::NoRoom { needed, free });
        }
        let copy = tempfile::Builder::new().prefix(COPY.0).suffix(COPY.1).tempfile_in(disk.folder())?;
        upkeep.copy_to(copy.path()).await?;
        let content = content(copy.path()).await?;
        // Only the handle is left: a process that dies leaves nothing behind.
        let database = File::open(copy.path())?;
        drop(copy);
        let reader = database.try_clone()?;
        let hashed = tokio::task::spawn_blocking(move || copy_hashed(reader, io::sink())).await;
        let (sha256, database_bytes) = hashed.map_err(io::Error::other)??;
        io::Seek::rewind(&mut &database)?;
        let jobs = [
            ("pending", content.jobs.pending),
            ("running", content.jobs.running),
            ("completed", content.jobs.completed),
            ("failed", content.jobs.failed),
            ("stopped", content.jobs.stopped),
        ];
        let manifest = manifest_text(&Manifest {
            format: FORMAT,
            created_at: now.to_string(),
            program: program.to_owned(),
            schema: content.schema,
            jobs: jobs.map(|(status, count)| (status.to_owned(), count)).into(),
            modules: content.modules,
            secrets: content.secrets,
            files: vec![ManifestFile { name: DATABASE.to_owned(), bytes: database_bytes, sha256 }],
        });
        Ok(Backup { manifest, database, database_bytes, _permit: permit })
    }
}

/// Removes copies that a process left behind that died while it made them. The folder is this process's own.
pub(in crate::store) fn remove_leftovers(folder: &Path) {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    for entry in entries {
        let name = entry.file_name();
        let Some(name) = name.to_str() else { continue };
        if name.starts_with(COPY.0) && name.ends_with(COPY.1) {
            tracing::info!(name, "a backup that was not finished is removed");
            if let Err(error) = std::fs::remove_file(entry.path()) {
                tracing::warn!(%error, name, "it was not removed");
            }
        }
    }
}
