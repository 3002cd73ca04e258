//! What can go wrong with the database, as the floors above need to tell it apart.

use std::path::PathBuf;

/// A read or a write that the database did not do.
#[derive(Debug, Clone, thiserror::Error)]
pub enum StoreError {
    /// The database cannot be reached or did not answer.
    #[error("the database did not answer: {0}")]
    Unavailable(String),
    /// There is no room left where the database lives.
    #[error("the disk with the database is full")]
    DiskFull,
    /// Another node was at the same rows; what was to be written is tried again.
    #[error("the database is busy with the same rows")]
    Conflict,
    /// The host goes down and takes no more writes.
    #[error("the host is shutting down")]
    Closed,
    /// A stored row contradicts the program's types, or the program its own schema.
    #[error("{place}: {reason}")]
    Inconsistent {
        /// Table and column, or statement.
        place: &'static str,
        /// What is wrong with it.
        reason: String,
    },
}

/// Why a database could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The data folder cannot be made or read.
    #[error("the data folder {} cannot be used: {reason}", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// Another process owns the data folder.
    #[error(
        "the data folder {} is in use by another cofferdam process{}; stop it, or give this one a folder of its own with --data-dir",
        path.display(),
        owner.map(|pid| format!(" (process {pid})")).unwrap_or_default()
    )]
    InUse {
        /// The folder.
        path: PathBuf,
        /// The other process, when it could be found out.
        owner: Option<u32>,
    },
    /// The schema is newer than this program.
    #[error(
        "the database has schema version {found}, this program knows {known}; start the newer cofferdam that wrote it"
    )]
    NewerSchema {
        /// The database's version.
        found: i64,
        /// The newest version that this program knows.
        known: i64,
    },
    /// The `SQLite` library has a fault that can corrupt the database.
    #[error("the SQLite library is {found}; {needed} or later is needed (earlier ones can corrupt a WAL database)")]
    OldSqlite {
        /// The library's version.
        found: String,
        /// The oldest one that is safe.
        needed: &'static str,
    },
    /// The PostgreSQL server is too old.
    #[error("the database server is PostgreSQL {found}; {needed} or later is needed")]
    OldPostgres {
        /// The server's major version.
        found: u32,
        /// The oldest one that will do.
        needed: u32,
    },
    /// The file is damaged.
    #[error("the database {} is damaged: {reason}; restore it from a backup, or move it away to start anew", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What the check said.
        reason: String,
    },
    /// Anything else that the database said.
    #[error("the database cannot be opened: {0}")]
    Database(String),
}
