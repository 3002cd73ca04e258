//! Values in and rows out, as PostgreSQL has them, and its errors sorted into what the floors above tell apart.

use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::postgres::types::Oid;
use sqlx::postgres::{PgArgumentBuffer, PgArguments, PgConnection, PgRow, PgTypeInfo};
use sqlx::query::Query;
use sqlx::{Encode, Postgres, Row as _, Type, TypeInfo as _, ValueRef as _};

use crate::store::StoreError;
use crate::store::session::{Row, Value};
use crate::store::sql::Kind;

/// The type that lets the server find out what a parameter is from where it stands.
const UNKNOWN: Oid = Oid(705);

/// A null whose type the statement tells.
struct Null;

impl Type<Postgres> for Null {
    fn type_info() -> PgTypeInfo {
        PgTypeInfo::with_oid(UNKNOWN)
    }
}

impl Encode<'_, Postgres> for Null {
    fn encode_by_ref(&self, _: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        Ok(IsNull::Yes)
    }
}

/// What a statement is given.
pub(super) enum Parameters {
    /// One value each.
    Values(Vec<Value>),
    /// The rows of a batch: each column is one array.
    Rows(&'static [(&'static str, Kind)], Vec<Vec<Value>>),
}

/// Runs one statement.
pub(super) async fn run(
    connection: &mut PgConnection,
    text: &'static str,
    parameters: Parameters,
) -> Result<Vec<PgRow>, sqlx::Error> {
    let query = sqlx::query(text);
    let query = match parameters {
        Parameters::Values(values) => values.into_iter().fold(query, bind),
        Parameters::Rows(columns, rows) => {
            let mut rows: Vec<_> = rows.into_iter().map(Vec::into_iter).collect();
            columns.iter().fold(query, |query, (_, kind)| {
                let column = rows.iter_mut().map(|row| row.next().expect("a row has a value for each column"));
                bind_column(query, *kind, column)
            })
        }
    };
    query.fetch_all(connection).await
}

type Prepared = Query<'static, Postgres, PgArguments>;

fn bind(query: Prepared, value: Value) -> Prepared {
    match value {
        Value::Null => query.bind(Null),
        Value::Int(value) => query.bind(value),
        Value::Text(value) => query.bind(value),
        Value::Bytes(value) => query.bind(value),
    }
}

fn bind_column(query: Prepared, kind: Kind, column: impl Iterator<Item = Value>) -> Prepared {
    const MIXED: &str = "a column holds what its statement says";
    match kind {
        Kind::Int => query.bind(
            column
                .map(|value| match value {
                    Value::Int(value) => Some(value),
                    Value::Null => None,
                    Value::Text(_) | Value::Bytes(_) => unreachable!("{MIXED}"),
                })
                .collect::<Vec<_>>(),
        ),
        Kind::Text => query.bind(
            column
                .map(|value| match value {
                    Value::Text(value) => Some(value),
                    Value::Null => None,
                    Value::Int(_) | Value::Bytes(_) => unreachable!("{MIXED}"),
                })
                .collect::<Vec<_>>(),
        ),
        Kind::Bytes => query.bind(
            column
                .map(|value| match value {
                    Value::Bytes(value) => Some(value),
                    Value::Null => None,
                    Value::Int(_) | Value::Text(_) => unreachable!("{MIXED}"),
                })
                .collect::<Vec<_>>(),
        ),
    }
}

/// The rows of an answer.
pub(super) fn rows(rows: &[PgRow]) -> Result<Vec<Row>, StoreError> {
    rows.iter().map(row).collect()
}

fn row(row: &PgRow) -> Result<Row, StoreError> {
    let mut values = Vec::with_capacity(row.len());
    for at in 0..row.len() {
        let value = row.try_get_raw(at).map_err(|error| refusal(&error))?;
        let kind = value.type_info().name().to_owned();
        let decoded = match kind.as_str() {
            _ if value.is_null() => Ok(Value::Null),
            "INT8" => <i64 as sqlx::Decode<Postgres>>::decode(value).map(Value::Int),
            "INT4" => <i32 as sqlx::Decode<Postgres>>::decode(value).map(|value| Value::Int(value.into())),
            "TEXT" | "VARCHAR" | "UNKNOWN" => <String as sqlx::Decode<Postgres>>::decode(value).map(Value::Text),
            "BYTEA" => <Vec<u8> as sqlx::Decode<Postgres>>::decode(value).map(Value::Bytes),
            other => Err(format!("a column has the type {other}").into()),
        };
        values.push(decoded.map_err(|error| StoreError::Inconsistent { place: "row", reason: error.to_string() })?);
    }
    Ok(Row::new(values))
}

/// What a server's error means: <https://www.postgresql.org/docs/current/errcodes-appendix.html>.
pub(super) fn refusal(error: &sqlx::Error) -> StoreError {
    /// Serialization failure, deadlock, a lock that was not to be had in time.
    const CONFLICT: [&str; 3] = ["40001", "40P01", "55P03"];
    const DISK_FULL: &str = "53100";
    /// Connection, resources, operator's intervention (statement time limit among them), system error, read-only.
    const AWAY: [&str; 6] = ["08", "53", "57", "58", "25006", "25P03"];
    match error {
        sqlx::Error::Database(database) => {
            let code = database.code().unwrap_or_default();
            // Two jobs with the same unique key at the same moment: the second one finds the first when it is tried again.
            if database.constraint() == Some("job_unique") {
                StoreError::Conflict
            } else if code == DISK_FULL {
                StoreError::DiskFull
            } else if CONFLICT.contains(&code.as_ref()) {
                StoreError::Conflict
            } else if AWAY.iter().any(|away| code.starts_with(away)) {
                StoreError::Unavailable(database.message().to_owned())
            } else {
                StoreError::Inconsistent { place: "statement", reason: database.message().to_owned() }
            }
        }
        sqlx::Error::PoolClosed => StoreError::Closed,
        sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::Protocol(_) | sqlx::Error::PoolTimedOut => {
            StoreError::Unavailable(error.to_string())
        }
        other => StoreError::Inconsistent { place: "statement", reason: other.to_string() },
    }
}

/// Whether the connection can still be used: the server has refused one statement and waits for the next.
pub(super) fn is_answer(error: &sqlx::Error) -> bool {
    // Class 57P: the server ends the session.
    matches!(error, sqlx::Error::Database(database) if !database.code().unwrap_or_default().starts_with("57P"))
}
