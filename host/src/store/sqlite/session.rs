//! The shared statements on `SQLite`: the rows of a batch travel as one JSON parameter, read by `json_each`.

use std::fmt::Write as _;
use std::ops::DerefMut;

use sqlx::sqlite::{SqliteConnection, SqliteRow};
use sqlx::{Row as _, Sqlite, TypeInfo as _, ValueRef as _};

use crate::domain::JobId;
use crate::store::StoreError;
use crate::store::session::{Row, Session, Value};
use crate::store::sql::{BatchStatement, Dialect, Statement};
use crate::store::write::{CommitError, Transactions};

/// A connection, owned or from the pool.
pub(in crate::store) struct SqliteSession<C>(pub(in crate::store) C);

impl<C: DerefMut<Target = SqliteConnection> + Send> Session for SqliteSession<C> {
    async fn query(&mut self, statement: &'static Statement, values: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        self.run(statement.text(Dialect::Sqlite), values).await
    }

    async fn apply(
        &mut self,
        statement: &'static BatchStatement,
        rows: Vec<Vec<Value>>,
    ) -> Result<Vec<Row>, StoreError> {
        self.run(statement.text(Dialect::Sqlite), vec![Value::Text(json_rows(&rows))]).await
    }
}

impl<C: DerefMut<Target = SqliteConnection> + Send> SqliteSession<C> {
    async fn run(&mut self, text: &'static str, values: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        let mut query = sqlx::query(text);
        for value in values {
            query = match value {
                Value::Null => query.bind(None::<i64>),
                Value::Int(value) => query.bind(value),
                Value::Text(value) => query.bind(value),
                Value::Bytes(value) => query.bind(value),
            };
        }
        let rows = query.fetch_all(&mut *self.0).await.map_err(|error| refusal(&error))?;
        rows.iter().map(row).collect()
    }
}

impl<C: DerefMut<Target = SqliteConnection> + Send> Transactions for SqliteSession<C> {
    async fn begin(&mut self) -> Result<(), StoreError> {
        self.run("BEGIN IMMEDIATE", vec![]).await.map(drop)
    }

    /// The process that changes jobs is the one that shows them.
    async fn commit(&mut self, _: &[JobId]) -> Result<(), CommitError> {
        self.run("COMMIT", vec![]).await.map(drop).map_err(CommitError::Refused)
    }

    async fn rollback(&mut self) -> Result<(), StoreError> {
        self.run("ROLLBACK", vec![]).await.map(drop)
    }

    /// The library always says how a commit went.
    async fn took_effect(&mut self, _: &[JobId]) -> Result<bool, StoreError> {
        Ok(false)
    }
}

/// The rows as a JSON array of arrays; bytes as hexadecimal digits.
fn json_rows(rows: &[Vec<Value>]) -> String {
    let mut text = String::from("[");
    for (at, row) in rows.iter().enumerate() {
        text.push_str(if at == 0 { "[" } else { ",[" });
        for (at, value) in row.iter().enumerate() {
            if at > 0 {
                text.push(',');
            }
            push_json(&mut text, value);
        }
        text.push(']');
    }
    text.push(']');
    text
}

fn push_json(text: &mut String, value: &Value) {
    const INTO_STRING: &str = "writing to a string cannot fail";
    match value {
        Value::Null => text.push_str("null"),
        Value::Int(value) => write!(text, "{value}").expect(INTO_STRING),
        Value::Text(value) => text.push_str(&serde_json::to_string(value).expect("a string is always JSON")),
        Value::Bytes(bytes) => {
            text.push('"');
            for byte in bytes {
                write!(text, "{byte:02x}").expect(INTO_STRING);
            }
            text.push('"');
        }
    }
}

fn row(row: &SqliteRow) -> Result<Row, StoreError> {
    let mut values = Vec::with_capacity(row.len());
    for at in 0..row.len() {
        let value = row.try_get_raw(at).map_err(|error| refusal(&error))?;
        let kind = value.type_info().name().to_owned();
        let decoded = match kind.as_str() {
            _ if value.is_null() => Ok(Value::Null),
            "INTEGER" => <i64 as sqlx::Decode<Sqlite>>::decode(value).map(Value::Int),
            "TEXT" => <String as sqlx::Decode<Sqlite>>::decode(value).map(Value::Text),
            _ => <Vec<u8> as sqlx::Decode<Sqlite>>::decode(value).map(Value::Bytes),
        };
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
    use super::*;

    #[test]
    fn rows_travel_as_json() {
        let rows =
            vec![vec![Value::Int(-1), Value::Text("a\"\0".to_owned())], vec![Value::Bytes(vec![0, 255]), Value::Null]];
        assert_eq!(json_rows(&rows), r#"[[-1,"a\"\u0000"],["00ff",null]]"#);
    }
}
