//! Opens the database file: settings, library check, migrations.

use std::path::Path;
use std::time::Duration;

use super::upkeep::Upkeep;
use sqlx::sqlite::{
    SqliteAutoVacuum, SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqlitePoolOptions,
    SqliteSynchronous,
};
use sqlx::{ConnectOptions as _, Row as _};

use crate::domain::limits::MIB;
use crate::store::OpenError;
use crate::store::schema::Schema;

/// Earlier versions can corrupt a WAL database when two connections checkpoint at once.
const SQLITE_NEEDED: (&str, [u64; 3]) = ("3.51.3", [3, 51, 3]);
/// Connections that only read. Reads are short; more would only compete for the processors.
const READERS: u32 = 4;
/// Statements that the writer keeps ready: all that write, each for several numbers of rows.
const PREPARED_WRITES: usize = 400;
/// Rows of an answer that the writer lets come before it takes them: all those of the largest claim.
const ROWS_AT_ONCE: usize = 512;
/// The largest file that is checked whole at each start; that takes a few tenths of a second.
const CHECKED_BYTES: u64 = 256 * MIB;
/// The database's file in the data folder.
pub(super) const FILE: &str = "cofferdam.db";

const SCHEMA: Schema = Schema(&[
    (1, "initial", include_str!("../../../migrations/sqlite/0001_initial.sql")),
    (2, "nodes and crashes", include_str!("../../../migrations/sqlite/0002_nodes_and_crashes.sql")),
    (3, "access", include_str!("../../../migrations/sqlite/0003_access.sql")),
    (4, "grants", include_str!("../../../migrations/sqlite/0004_grants.sql")),
    (5, "signatures", include_str!("../../../migrations/sqlite/0005_signatures.sql")),
    (6, "secrets", include_str!("../../../migrations/sqlite/0006_secrets.sql")),
    (7, "jobs at once", include_str!("../../../migrations/sqlite/0007_jobs_at_once.sql")),
    (8, "priorities and labels", include_str!("../../../migrations/sqlite/0008_priorities_and_labels.sql")),
    (9, "schedules", include_str!("../../../migrations/sqlite/0009_schedules.sql")),
    (10, "keys", include_str!("../../../migrations/sqlite/0010_keys.sql")),
    (11, "webhooks", include_str!("../../../migrations/sqlite/0011_webhooks.sql")),
    (12, "retention", include_str!("../../../migrations/sqlite/0012_retention.sql")),
    (13, "history and lists", include_str!("../../../migrations/sqlite/0013_history_and_lists.sql")),
    (14, "one index of ends", include_str!("../../../migrations/sqlite/0014_one_index_of_ends.sql")),
    (15, "less to write", include_str!("../../../migrations/sqlite/0015_less_to_write.sql")),
]);

/// The newest version of the schema that this program knows.
pub(in crate::store) fn newest_schema() -> i64 {
    SCHEMA.newest()
}

/// An open database.
pub(in crate::store) struct Opened {
    pub(in crate::store) writer: SqliteConnection,
    pub(in crate::store) readers: SqlitePool,
    pub(in crate::store) upkeep: Upkeep,
}

/// Opens the file in a folder that this process owns and brings the schema up to date.
pub(in crate::store) async fn open(folder: &Path) -> Result<Opened, OpenError> {
    let options = options(&folder.join(FILE));
    let written = options
        .clone()
        .auto_vacuum(SqliteAutoVacuum::Incremental)
        .statement_cache_capacity(PREPARED_WRITES)
        .row_buffer_size(ROWS_AT_ONCE);
    let mut writer = written.connect().await.map_err(|error| refuse(folder, &error))?;
    check_library(&mut writer).await.map_err(|error| refuse(folder, &error))??;
    check_pages(&mut writer, folder).await?;
    SCHEMA.bring_up_to_date(&mut writer).await?;
    learn_to_shrink(&mut writer, folder).await.map_err(|error| refuse(folder, &error))?;
    let readers = SqlitePoolOptions::new()
        .max_connections(READERS)
        .max_lifetime(None)
        .idle_timeout(None)
        .test_before_acquire(false)
        .connect_with(options.clone().read_only(true))
        .await
        .map_err(|error| refuse(folder, &error))?;
    Ok(Opened { writer, readers, upkeep: Upkeep::new(options) })
}

/// `synchronous=FULL`: what was acknowledged survives a loss of power. No `mmap_size`: it turns I/O errors into
/// crashes.
fn options(file: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(5))
        .pragma("journal_size_limit", "67108864")
        .pragma("temp_store", "MEMORY")
        .pragma("cache_size", "-32768")
        .pragma("trusted_schema", "OFF")
        .pragma("cell_size_check", "ON")
        .disable_statement_logging()
}

fn refuse(folder: &Path, error: &sqlx::Error) -> OpenError {
    const CORRUPT: [&str; 2] = ["11", "26"];
    match error {
        sqlx::Error::Database(database) if database.code().is_some_and(|code| CORRUPT.contains(&code.as_ref())) => {
            OpenError::Damaged { path: folder.join(FILE), reason: database.message().to_owned() }
        }
        other => OpenError::Database(other.to_string()),
    }
}

/// Looks for damage before anything is built on it. A large file is only looked at where it is used: reading all of it
/// would hold up every start.
async fn check_pages(connection: &mut SqliteConnection, folder: &Path) -> Result<(), OpenError> {
    let path = folder.join(FILE);
    if std::fs::metadata(&path).is_ok_and(|file| file.len() > CHECKED_BYTES) {
        tracing::debug!("the database is too large to be checked at each start");
        return Ok(());
    }
    let answer = sqlx::query("PRAGMA quick_check(1)").fetch_one(connection).await;
    match answer.and_then(|row| row.try_get::<String, _>(0)) {
        Ok(verdict) if verdict == "ok" => Ok(()),
        Ok(reason) => Err(OpenError::Damaged { path, reason }),
        Err(error) => Err(refuse(folder, &error)),
    }
}

/// A file that an earlier version made cannot give free pages back to the disk until it was written anew once. A large one
/// is left as it is: it would hold up the start, and what is free in it is used for what comes.
async fn learn_to_shrink(connection: &mut SqliteConnection, folder: &Path) -> Result<(), sqlx::Error> {
    const INCREMENTAL: i64 = 2;
    let kind: i64 = sqlx::query("PRAGMA auto_vacuum").fetch_one(&mut *connection).await?.try_get(0)?;
    if kind == INCREMENTAL {
        return Ok(());
    }
    if std::fs::metadata(folder.join(FILE)).is_ok_and(|file| file.len() > CHECKED_BYTES) {
        tracing::info!("the database's file will not get smaller; a backup that is restored gives one that does");
        return Ok(());
    }
    sqlx::query("VACUUM").execute(connection).await.map(drop)
}

async fn check_library(connection: &mut SqliteConnection) -> Result<Result<(), OpenError>, sqlx::Error> {
    let found: String = sqlx::query("SELECT sqlite_version()").fetch_one(connection).await?.try_get(0)?;
    let parts: Vec<u64> = found.split('.').filter_map(|part| part.parse().ok()).collect();
    let (needed, least) = SQLITE_NEEDED;
    Ok(if parts.as_slice() < least.as_slice() { Err(OpenError::OldSqlite { found, needed }) } else { Ok(()) })
}
