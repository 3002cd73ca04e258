//! Checks a backup, and makes the data folder of a new host out of it.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use super::archive::{DATABASE, unpack};
use super::inspect::{Fault, check, content, let_nodes_leave};
use super::{Manifest, RestoreError};
use crate::store::sqlite::{self, FolderLock};

/// What the database is called until it is whole.
const UNFINISHED: &str = "cofferdam.db.restoring";
/// The lock's file, which an empty folder has once it was taken.
const LOCK: &str = "lock";

/// Whether the archive can be put back: its digests, every page of its database, and its version. What it takes for that is
/// made in `scratch` and removed again.
pub async fn verify(archive: &Path, scratch: &Path) -> Result<Manifest, RestoreError> {
    let folder = tempfile::Builder::new().prefix(".cofferdam-check-").tempdir_in(scratch);
    let folder = folder.map_err(|error| file_error(scratch, &error))?;
    unpacked(archive, &folder.path().join(DATABASE)).await
}

/// Makes a data folder out of an archive. The folder must be empty, or not be there.
pub async fn restore(archive: &Path, folder: &Path) -> Result<Manifest, RestoreError> {
    let lock = FolderLock::take(folder)?;
    let entries = std::fs::read_dir(folder).map_err(|error| file_error(folder, &error))?;
    if let Some(found) = entries.flatten().find(|entry| entry.file_name() != LOCK) {
        let found = found.file_name().to_string_lossy().into_owned();
        return Err(RestoreError::NotEmpty { path: folder.to_owned(), found });
    }
    let (unfinished, database) = (folder.join(UNFINISHED), folder.join(DATABASE));
    let made = place(archive, &unfinished, &database).await;
    if made.is_err() {
        // Nothing of it is to be taken for a database.
        let _ = std::fs::remove_file(&unfinished);
    }
    drop(lock);
    made
}

async fn place(archive: &Path, unfinished: &Path, database: &Path) -> Result<Manifest, RestoreError> {
    let manifest = unpacked(archive, unfinished).await?;
    let damaged = |reason: String| RestoreError::Damaged { path: archive.to_owned(), reason };
    let_nodes_leave(unfinished).await.map_err(|error| damaged(error.to_string()))?;
    let synced = || -> io::Result<()> {
        File::open(unfinished)?.sync_all()?;
        std::fs::rename(unfinished, database)?;
        database.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all())
    };
    synced().map_err(|error| file_error(database, &error))?;
    Ok(manifest)
}

/// The archive's database in a new file, checked.
async fn unpacked(archive: &Path, database: &Path) -> Result<Manifest, RestoreError> {
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(database);
    let mut file = file.map_err(|error| file_error(database, &error))?;
    let manifest = unpack(archive, sqlite::newest_schema(), &mut file)?;
    drop(file);
    let damaged = |reason: String| RestoreError::Damaged { path: archive.to_owned(), reason };
    check(database).await.map_err(|fault: Fault| damaged(fault.into_reason()))?;
    let content = content(database).await.map_err(|error| damaged(error.to_string()))?;
    if content.schema != manifest.schema {
        let (found, said) = (content.schema, manifest.schema);
        return Err(damaged(format!("its database has schema version {found}, its manifest says {said}")));
    }
    Ok(manifest)
}

fn file_error(path: &Path, error: &io::Error) -> RestoreError {
    RestoreError::File { path: path.to_owned(), reason: error.to_string() }
}
