//! One process owns a data folder: a lock that ends with the process, however it ends.

use std::fs::{File, OpenOptions};
use std::io::{Read as _, Seek as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::Path;

use rustix::fs::{FlockOperation, flock};

use crate::store::OpenError;

/// The file whose lock stands for the folder. It holds the owner's process id, for the message to a second process.
const LOCK_FILE: &str = "lock";

/// Held for as long as this process owns the folder.
#[derive(Debug)]
pub struct FolderLock {
    _file: File,
}

impl FolderLock {
    /// Makes the folder where it is missing, readable by its owner alone, and takes it.
    pub fn take(folder: &Path) -> Result<Self, OpenError> {
        let refuse = |error: std::io::Error| OpenError::Folder { path: folder.to_owned(), reason: error.to_string() };
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(refuse)?;
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(folder.join(LOCK_FILE))
            .map_err(refuse)?;
        if flock(&file, FlockOperation::NonBlockingLockExclusive).is_err() {
            let mut owner = String::new();
            let _ = file.read_to_string(&mut owner);
            return Err(OpenError::InUse { path: folder.to_owned(), owner: owner.trim().parse().ok() });
        }
        file.set_len(0).and_then(|()| file.rewind()).map_err(refuse)?;
        writeln!(file, "{}", std::process::id()).map_err(refuse)?;
        Ok(Self { _file: file })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_has_one_owner() {
        let folder = tempfile::tempdir().expect("a folder");
        let lock = FolderLock::take(folder.path()).expect("nobody has it");
        let second = FolderLock::take(folder.path()).expect_err("it is taken");
        assert!(matches!(second, OpenError::InUse { owner: Some(pid), .. } if pid == std::process::id()), "{second}");
        drop(lock);
        FolderLock::take(folder.path()).expect("it is free again");
    }
}
