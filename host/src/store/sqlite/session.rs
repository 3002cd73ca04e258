//! The shared statements on `SQLite`: the rows of a batch travel as parameters of one statement, or of a few.

use std::ops::DerefMut;

use futures_util::stream::BoxStream;
use futures_util::{FutureExt as _, StreamExt as _};
use sqlx::error::BoxDynError;
use sqlx::sqlite::{SqliteConnection, SqliteRow, SqliteValueRef};
use sqlx::{AssertSqlSafe, Decode, Row as _, SqlSafeStr as _, Sqlite, TypeInfo as _, ValueRef as _};

use super::together::Waiting;
use crate::domain::JobId;
use crate::store::StoreError;
use crate::store::session::{Row, Session, Value};
use crate::store::sql::{BatchStatement, Dialect, Statement};
use crate::store::write::{CommitError, Transactions};

/// Rows that answer nothing wait for the next statement when there is room for no more than so many: many take longer than
/// the way to their thread.
const FEW: usize = 8;

/// After so many rows of an answer, more are likely to follow at once.
const SEVERAL: usize = 4;

/// What `SQLite` says of a rollback without a transaction.
const NO_TRANSACTION: &str = "no transaction is active";

/// A connection, owned or from the pool.
pub(in crate::store) struct SqliteSession<C> {
    connection: C,
    waiting: Waiting,
    /// Whether its thread has nothing else to do.
    has_own_thread: bool,
}

impl<C> SqliteSession<C> {
    pub(in crate::store) fn new(connection: C) -> Self {
        Self { connection, waiting: Waiting::default(), has_own_thread: false }
    }

    /// For a caller with a thread of its own: it gives way to `SQLite`'s thread until that has many rows, since to be
    /// woken for each of them takes longer than to make it.
    pub(in crate::store) fn on_own_thread(connection: C) -> Self {
        Self { has_own_thread: true, ..Self::new(connection) }
    }

    pub(in crate::store) fn into_connection(self) -> C {
        self.connection
    }
}

impl<C: DerefMut<Target = SqliteConnection> + Send> Session for SqliteSession<C> {
    async fn query(&mut self, statement: &'static Statement, values: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        self.run(statement.text(Dialect::Sqlite), values).await
    }

    async fn apply(
        &mut self,
        statement: &'static BatchStatement,
        rows: Vec<Vec<Value>>,
    ) -> Result<Vec<Row>, StoreError> {
        let (mut rows, mut answered) = (rows, Vec::new());
        while !rows.is_empty() {
            let (text, room) = statement.for_values(rows.len());
            let later = rows.split_off(rows.len().min(room));
            debug_assert!(rows.iter().all(|row| row[0] != Value::Null), "a row without its first column: {text}");
            answered.append(&mut self.run(text, rows.into_iter().flatten().collect()).await?);
            rows = later;
        }
        Ok(answered)
    }

    async fn apply_later(
        &mut self,
        statement: &'static BatchStatement,
        rows: Vec<Vec<Value>>,
    ) -> Result<(), StoreError> {
        let (text, room) = statement.for_values(rows.len());
        if room > FEW || !self.waiting.has_place_for(room) {
            return self.apply(statement, rows).await.map(drop);
        }
        let mut values: Vec<_> = rows.into_iter().flatten().collect();
        values.resize(room * statement.columns.len(), Value::Null);
        self.waiting.add_rows(text, room, values);
        Ok(())
    }
}

impl<C: DerefMut<Target = SqliteConnection> + Send> SqliteSession<C> {
    async fn run(&mut self, text: &'static str, values: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        let (text, values) = if self.waiting.is_empty() {
            (text.into_sql_str(), values)
        } else {
            let (text, values) = self.waiting.with(text, values);
            (AssertSqlSafe(text).into_sql_str(), values)
        };
        let mut query = sqlx::query(text);
        for value in values {
            query = match value {
                Value::Null => query.bind(None::<i64>),
                Value::Int(value) => query.bind(value),
                Value::Text(value) => query.bind(value),
                Value::Bytes(value) => query.bind(value),
            };
        }
        let mut rows = query.fetch(&mut *self.connection);
        let mut answered = Vec::new();
        while let Some(next) = next_of(&mut rows, self.has_own_thread && answered.len() >= SEVERAL).await {
            answered.push(row(&next.map_err(|error| refusal(&error))?)?);
        }
        Ok(answered)
    }
}

/// The next row. Where there is none yet and this thread `gives_way`, `SQLite`'s comes first on their processor, and has
/// more than one when this goes on.
async fn next_of<T>(rows: &mut BoxStream<'_, T>, gives_way: bool) -> Option<T> {
    if gives_way {
        if let Some(next) = rows.next().now_or_never() {
            return next;
        }
        std::thread::yield_now();
    }
    rows.next().await
}

impl<C: DerefMut<Target = SqliteConnection> + Send> Transactions for SqliteSession<C> {
    async fn begin(&mut self) -> Result<(), StoreError> {
        self.waiting.add("BEGIN IMMEDIATE");
        Ok(())
    }

    /// The process that changes jobs is the one that shows them.
    async fn commit(&mut self, _: &[JobId]) -> Result<(), CommitError> {
        self.run("COMMIT", vec![]).await.map(drop).map_err(CommitError::Refused)
    }

    async fn rollback(&mut self) -> Result<(), StoreError> {
        self.waiting.clear();
        match self.run("ROLLBACK", vec![]).await {
            // What was refused may have been the beginning, and a full disk ends a transaction by itself.
            Err(StoreError::Inconsistent { reason, .. }) if reason.ends_with(NO_TRANSACTION) => Ok(()),
            other => other.map(drop),
        }
    }

    /// The library always says how a commit went.
    async fn took_effect(&mut self, _: &[JobId]) -> Result<bool, StoreError> {
        Ok(false)
    }
}

fn row(row: &SqliteRow) -> Result<Row, StoreError> {
    let mut values = Vec::with_capacity(row.len());
    for at in 0..row.len() {
        let value = row.try_get_raw(at).map_err(|error| refusal(&error))?;
        let decode: fn(SqliteValueRef<'_>) -> Result<Value, BoxDynError> = match value.type_info().name() {
            _ if value.is_null() => |_| Ok(Value::Null),
            "INTEGER" => |value| <i64 as Decode<Sqlite>>::decode(value).map(Value::Int),
            "TEXT" => |value| <String as Decode<Sqlite>>::decode(value).map(Value::Text),
            _ => |value| <Vec<u8> as Decode<Sqlite>>::decode(value).map(Value::Bytes),
        };
        let decoded = decode(value);
        values.push(decoded.map_err(|error| StoreError::Inconsistent { place: "row", reason: error.to_string() })?);
    }
    Ok(Row::new(values))
}

/// Sorts `SQLite`'s errors into what the floors above tell apart.
pub(in crate::store) fn refusal(error: &sqlx::Error) -> StoreError {
    const BUSY: [u32; 5] = [5, 6, 10, 14, 23];
    const FULL: u32 = 13;
    match error {
        sqlx::Error::Database(database) => {
            let code = database.code().and_then(|code| code.parse::<u32>().ok()).unwrap_or(0) & 0xff;
            if code == FULL {
                StoreError::DiskFull
            } else if BUSY.contains(&code) {
                StoreError::Unavailable(database.message().to_owned())
            } else {
                StoreError::Inconsistent { place: "statement", reason: database.message().to_owned() }
            }
        }
        sqlx::Error::PoolClosed => StoreError::Closed,
        sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::WorkerCrashed => {
            StoreError::Unavailable(error.to_string())
        }
        other => StoreError::Inconsistent { place: "statement", reason: other.to_string() },
    }
}

#[cfg(test)]
mod tests {
    use sqlx::Connection as _;

    use super::*;

    #[tokio::test]
    async fn a_rollback_of_a_transaction_that_never_began_is_none() {
        let connection = SqliteConnection::connect("sqlite::memory:").await.expect("a database");
        let mut session = SqliteSession::new(Box::new(connection));
        session.begin().await.expect("it waits for the first statement");
        session.rollback().await.expect("nothing to take back");
        session.begin().await.expect("it waits for the first statement");
        assert!(session.commit(&[]).await.is_ok());
        assert!(session.run("ROLLBACK TO nothing", vec![]).await.is_err(), "others are told");
    }
}
