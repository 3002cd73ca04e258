//! Room on the disk with the database. New work is refused while there is still some, so that the jobs that run already
//! can go on.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use rustix::fs::statvfs;

use super::open::FILE;
use crate::domain::limits::{GIB, MIB};

/// With less than this free, or less than a twentieth of the disk, nothing new is taken.
const ENOUGH: u64 = GIB;

/// The disk under a folder.
pub(in crate::store) struct Disk {
    folder: PathBuf,
    was_short: AtomicBool,
}

impl Disk {
    pub(in crate::store) fn of(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), was_short: AtomicBool::new(false) }
    }

    /// Bytes of the database's files.
    pub(in crate::store) fn database_bytes(&self) -> u64 {
        let files = ["", "-wal", "-shm"].map(|end| self.folder.join(format!("{FILE}{end}")));
        files.iter().filter_map(|file| Some(std::fs::metadata(file).ok()?.len())).sum()
    }

    /// The folder.
    pub(in crate::store) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Bytes that have to stay free for new work to be taken.
    pub(in crate::store) fn kept_free_bytes(&self) -> u64 {
        self.all_bytes().map_or(0, enough)
    }

    /// Bytes of the write-ahead log.
    pub(in crate::store) fn log_bytes(&self) -> u64 {
        std::fs::metadata(self.folder.join(format!("{FILE}-wal"))).map_or(0, |file| file.len())
    }

    /// Bytes of the whole file system; `None` when it does not say.
    pub(in crate::store) fn all_bytes(&self) -> Option<u64> {
        statvfs(&self.folder).ok().map(|stat| stat.f_blocks * stat.f_frsize).filter(|bytes| *bytes > 0)
    }

    /// Bytes that are free; `None` when the file system does not say.
    pub(in crate::store) fn free_bytes(&self) -> Option<u64> {
        statvfs(&self.folder).ok().map(|stat| stat.f_bavail * stat.f_frsize)
    }

    /// Whether new work has to wait for room. Asks the file system each time, which takes about a microsecond.
    pub(in crate::store) fn is_short(&self) -> bool {
        // A file system that cannot be asked is not known to be full.
        let Ok(stat) = statvfs(&self.folder) else { return false };
        let (free, all) = (stat.f_bavail * stat.f_frsize, stat.f_blocks * stat.f_frsize);
        let is_short = is_short(free, all);
        if is_short != self.was_short.swap(is_short, Ordering::Relaxed) {
            let (free_mib, folder) = (free / MIB, self.folder.display());
            if is_short {
                tracing::error!(free_mib, %folder, "the disk is nearly full: no new work is taken until there is room");
            } else {
                tracing::info!(free_mib, %folder, "there is room on the disk again: new work is taken");
            }
        }
        is_short
    }
}

const fn is_short(free: u64, all: u64) -> bool {
    free < enough(all)
}

/// What has to be free of a disk of this size.
const fn enough(all: u64) -> u64 {
    let twentieth = all / 20;
    if twentieth < ENOUGH { twentieth } else { ENOUGH }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smaller_of_a_gibibyte_and_a_twentieth_is_enough() {
        let large = 1000 * GIB;
        assert!(is_short(GIB - 1, large) && !is_short(GIB, large));
        let small = 20 * MIB;
        assert!(is_short(MIB - 1, small) && !is_short(MIB, small));
        assert!(!is_short(0, 0), "a file system without a size says nothing");
    }

    #[test]
    fn a_folder_that_is_gone_is_not_full() {
        assert!(!Disk::of(Path::new("/nowhere")).is_short());
    }
}
