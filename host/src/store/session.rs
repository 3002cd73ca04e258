//! The seam between the shared statements and a database: values in, rows out.
//!
//! A database implements [`Session`]; everything above it, statements and row decoding included, is written once.

use std::time::Duration;

use uuid::Uuid;

use super::StoreError;
use super::sql::{BatchStatement, Statement};
use crate::domain::{Digest, Timestamp};

/// One value in a statement or a row.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    Null,
    Int(i64),
    Text(String),
    Bytes(Vec<u8>),
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<u32> for Value {
    fn from(value: u32) -> Self {
        Self::Int(value.into())
    }
}

impl From<u64> for Value {
    /// Counters and sizes; what is beyond the database's range is its end.
    fn from(value: u64) -> Self {
        Self::Int(i64::try_from(value).unwrap_or(i64::MAX))
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

impl From<Uuid> for Value {
    fn from(value: Uuid) -> Self {
        Self::Bytes(value.as_bytes().to_vec())
    }
}

impl From<Digest> for Value {
    fn from(value: Digest) -> Self {
        Self::Bytes(value.bytes().to_vec())
    }
}

impl From<Timestamp> for Value {
    fn from(value: Timestamp) -> Self {
        Self::Int(value.millis())
    }
}

impl From<Duration> for Value {
    /// Whole milliseconds.
    fn from(value: Duration) -> Self {
        Self::Int(i64::try_from(value.as_millis()).unwrap_or(i64::MAX))
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// One row, read from left to right.
#[derive(Debug)]
pub(super) struct Row(std::vec::IntoIter<Value>);

impl Row {
    pub(super) fn new(values: Vec<Value>) -> Self {
        Self(values.into_iter())
    }

    fn next(&mut self, place: &'static str) -> Result<Value, StoreError> {
        self.0.next().ok_or_else(|| mismatch(place, "the row ends before it"))
    }

    /// A whole number that may be absent.
    pub(super) fn int_or_null(&mut self, place: &'static str) -> Result<Option<i64>, StoreError> {
        match self.next(place)? {
            Value::Int(value) => Ok(Some(value)),
            Value::Null => Ok(None),
            Value::Text(_) | Value::Bytes(_) => Err(mismatch(place, "a whole number was expected")),
        }
    }

    /// A whole number.
    pub(super) fn int(&mut self, place: &'static str) -> Result<i64, StoreError> {
        self.int_or_null(place)?.ok_or_else(|| mismatch(place, "it is null"))
    }

    /// A count or a size.
    pub(super) fn count(&mut self, place: &'static str) -> Result<u64, StoreError> {
        u64::try_from(self.int(place)?).map_err(|_| mismatch(place, "it is negative"))
    }

    /// An attempt's number and the like.
    pub(super) fn small(&mut self, place: &'static str) -> Result<u32, StoreError> {
        u32::try_from(self.int(place)?).map_err(|_| mismatch(place, "it is out of range"))
    }

    /// Text that may be absent.
    pub(super) fn text_or_null(&mut self, place: &'static str) -> Result<Option<String>, StoreError> {
        match self.next(place)? {
            Value::Text(value) => Ok(Some(value)),
            Value::Null => Ok(None),
            Value::Int(_) | Value::Bytes(_) => Err(mismatch(place, "text was expected")),
        }
    }

    /// Text.
    pub(super) fn text(&mut self, place: &'static str) -> Result<String, StoreError> {
        self.text_or_null(place)?.ok_or_else(|| mismatch(place, "it is null"))
    }

    /// Bytes that may be absent.
    pub(super) fn bytes_or_null(&mut self, place: &'static str) -> Result<Option<Vec<u8>>, StoreError> {
        match self.next(place)? {
            Value::Bytes(value) => Ok(Some(value)),
            Value::Null => Ok(None),
            Value::Int(_) | Value::Text(_) => Err(mismatch(place, "bytes were expected")),
        }
    }

    /// A UUID that may be absent.
    pub(super) fn uuid_or_null(&mut self, place: &'static str) -> Result<Option<Uuid>, StoreError> {
        self.bytes_or_null(place)?
            .map(|bytes| Uuid::from_slice(&bytes).map_err(|error| mismatch(place, &error.to_string())))
            .transpose()
    }

    /// A UUID.
    pub(super) fn uuid(&mut self, place: &'static str) -> Result<Uuid, StoreError> {
        self.uuid_or_null(place)?.ok_or_else(|| mismatch(place, "it is null"))
    }

    /// Anything that is stored as a word.
    pub(super) fn word<T: std::str::FromStr<Err: std::fmt::Display>>(
        &mut self,
        place: &'static str,
    ) -> Result<T, StoreError> {
        self.text(place)?.parse().map_err(|error: T::Err| mismatch(place, &error.to_string()))
    }
}

/// A row that contradicts the program's types.
pub(super) fn mismatch(place: &'static str, reason: &str) -> StoreError {
    StoreError::Inconsistent { place, reason: reason.to_owned() }
}

/// One connection to a database.
///
/// Its futures are never dropped half-way: a statement whose answer is lost may have taken effect.
pub(super) trait Session: Send {
    /// Runs one statement. `$1`, `$2` … in it stand for `values`.
    fn query(
        &mut self,
        statement: &'static Statement,
        values: Vec<Value>,
    ) -> impl Future<Output = Result<Vec<Row>, StoreError>> + Send;

    /// Runs one statement over many rows at once; answers what its RETURNING names.
    fn apply(
        &mut self,
        statement: &'static BatchStatement,
        rows: Vec<Vec<Value>>,
    ) -> impl Future<Output = Result<Vec<Row>, StoreError>> + Send;

    /// The same where nobody looks at what it comes to: it may go with the next statement or with the commit.
    fn apply_later(
        &mut self,
        statement: &'static BatchStatement,
        rows: Vec<Vec<Value>>,
    ) -> impl Future<Output = Result<(), StoreError>> + Send {
        async move { self.apply(statement, rows).await.map(drop) }
    }
}
