//! Why no backup was taken, or none put back.

use std::path::PathBuf;

use crate::store::{OpenError, StoreError};

/// Why no backup was taken.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The data is in PostgreSQL.
    #[error("this host keeps its data in PostgreSQL: back it up there, with pg_dump or with the server's own means")]
    OtherDatabase,
    /// Another one is being taken.
    #[error("another backup is being taken; wait for its end")]
    UnderWay,
    /// The copy does not fit on the disk.
    #[error("a copy of the database takes {needed} bytes of the data folder's disk, and {free} are free")]
    NoRoom {
        /// What it takes, with what has to stay free.
        needed: u64,
        /// What there is.
        free: u64,
    },
    /// The database did not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The copy could not be written or read.
    #[error("the copy cannot be made: {0}")]
    Copy(#[from] std::io::Error),
}

/// Why an archive is no backup that can be put back, or was not put back.
#[derive(Debug, thiserror::Error)]
pub enum RestoreError {
    /// It cannot be read, or the folder not be written.
    #[error("{}: {reason}", path.display())]
    File {
        /// Which file or folder.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// It is something else.
    #[error("{} is no backup of Cofferdam: {reason}", path.display())]
    NoBackup {
        /// Which file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// It is not as it was when it was taken.
    #[error("{} is damaged: {reason}; use another backup", path.display())]
    Damaged {
        /// Which file.
        path: PathBuf,
        /// In what.
        reason: String,
    },
    /// A newer program took it.
    #[error(
        "the backup was taken by cofferdam {program}, with schema version {found}; this program knows {known}: use that \
         version or a later one"
    )]
    Newer {
        /// The program that took it.
        program: String,
        /// Its schema's version.
        found: i64,
        /// The newest version that this program knows.
        known: i64,
    },
    /// There is something in the folder.
    #[error("the folder {} is not empty (it has `{found}`); a backup goes into a new one", path.display())]
    NotEmpty {
        /// The folder.
        path: PathBuf,
        /// What is there.
        found: String,
    },
    /// The folder cannot be had.
    #[error(transparent)]
    Open(#[from] OpenError),
}
