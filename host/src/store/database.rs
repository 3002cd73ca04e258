//! Whichever database was opened: where it is, who reads from it.

use sqlx::sqlite::SqlitePool;

use super::StoreError;
use super::postgres::{PostgresReader, PostgresReaders};
use super::session::{Row, Session, Value};
use super::sql::{BatchStatement, Statement};
use super::sqlite::{self, SqliteSession};

/// Where the data is kept.
#[derive(Debug, Clone, Copy)]
pub enum Location<'a> {
    /// In an `SQLite` file in the data folder.
    Folder,
    /// In the PostgreSQL database with this URL, which several nodes may share.
    Postgres(&'a str),
}

/// Connections that read.
#[derive(Clone)]
pub(super) enum Readers {
    Sqlite(SqlitePool),
    Postgres(PostgresReaders),
}

/// One of them.
pub(super) enum Reader {
    Sqlite(SqliteSession<sqlx::pool::PoolConnection<sqlx::Sqlite>>),
    Postgres(PostgresReader),
}

impl Readers {
    pub(super) async fn acquire(&self) -> Result<Reader, StoreError> {
        match self {
            Self::Sqlite(pool) => {
                let connection = pool.acquire().await.map_err(|error| sqlite::refusal(&error))?;
                Ok(Reader::Sqlite(SqliteSession::new(connection)))
            }
            Self::Postgres(readers) => readers.acquire().await.map(Reader::Postgres),
        }
    }

    pub(super) async fn close(&self) {
        match self {
            Self::Sqlite(pool) => pool.close().await,
            Self::Postgres(readers) => readers.close().await,
        }
    }
}

impl Session for Reader {
    async fn query(&mut self, statement: &'static Statement, values: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        match self {
            Self::Sqlite(session) => session.query(statement, values).await,
            Self::Postgres(session) => session.query(statement, values).await,
        }
    }

    async fn apply(
        &mut self,
        statement: &'static BatchStatement,
        rows: Vec<Vec<Value>>,
    ) -> Result<Vec<Row>, StoreError> {
        match self {
            Self::Sqlite(session) => session.apply(statement, rows).await,
            Self::Postgres(session) => session.apply(statement, rows).await,
        }
    }
}
