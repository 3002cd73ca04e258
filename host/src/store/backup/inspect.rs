//! Looks into a database's file that no host has open.

use std::path::Path;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions as _, Connection as _, Row as _};

use crate::domain::{JobCounts, Reach};
use crate::store::StoreError;
use crate::store::read::{job_counts, module_count};
use crate::store::sqlite::{SqliteSession, refusal};

/// What a database's file has.
pub(super) struct Content {
    pub(super) schema: i64,
    pub(super) jobs: JobCounts,
    pub(super) modules: u64,
    pub(super) secrets: u64,
}

/// What is wrong with it.
pub(super) enum Fault {
    /// The check of the whole file found this.
    Damaged(String),
    /// It could not be asked.
    Store(StoreError),
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl Fault {
    pub(super) fn into_reason(self) -> String {
        match self {
            Self::Damaged(reason) => reason,
            Self::Store(error) => error.to_string(),
        }
    }
}

async fn open(file: &Path) -> Result<SqliteConnection, StoreError> {
    let options = SqliteConnectOptions::new().filename(file).disable_statement_logging();
    options.connect().await.map_err(|error| refusal(&error))
}

async fn number(connection: &mut SqliteConnection, statement: &'static str) -> Result<i64, StoreError> {
    let row = sqlx::query(statement).fetch_one(connection).await;
    row.and_then(|row| row.try_get(0)).map_err(|error| refusal(&error))
}

/// Counts what is there.
pub(super) async fn content(file: &Path) -> Result<Content, StoreError> {
    let mut connection = open(file).await?;
    let schema = number(&mut connection, "SELECT coalesce(max(version), 0) FROM _sqlx_migrations").await?;
    let secrets = number(&mut connection, "SELECT count(*) FROM secret").await?;
    let mut session = SqliteSession::new(Box::new(connection));
    let jobs = job_counts(&mut session, &Reach::All).await?;
    let modules = module_count(&mut session).await?;
    session.into_connection().close().await.map_err(|error| refusal(&error))?;
    Ok(Content { schema, jobs, modules, secrets: u64::try_from(secrets).unwrap_or(0) })
}

/// Checks every page, every index and every reference from row to row.
pub(super) async fn check(file: &Path) -> Result<(), Fault> {
    let mut connection = open(file).await?;
    let verdict = sqlx::query("PRAGMA integrity_check(1)").fetch_one(&mut connection).await;
    let verdict: String = verdict.and_then(|row| row.try_get(0)).map_err(|error| refusal(&error))?;
    let lost =
        sqlx::query("PRAGMA foreign_key_check").fetch_all(&mut connection).await.map_err(|error| refusal(&error))?;
    connection.close().await.map_err(|error| refusal(&error))?;
    match (verdict.as_str(), lost.len()) {
        ("ok", 0) => Ok(()),
        ("ok", lost) => Err(Fault::Damaged(format!("{lost} rows refer to others that are not there"))),
        _ => Err(Fault::Damaged(verdict)),
    }
}

/// The host that the copy was taken of has, as far as the copy goes, left in good order: its jobs go on from their
/// checkpoints, and nothing counts as a crash of theirs.
pub(super) async fn let_nodes_leave(file: &Path) -> Result<(), StoreError> {
    let mut connection = open(file).await?;
    let left = sqlx::query("UPDATE node SET state = 'left' WHERE state = 'up'").execute(&mut connection).await;
    left.map_err(|error| refusal(&error))?;
    connection.close().await.map_err(|error| refusal(&error))
}
