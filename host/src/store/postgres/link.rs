//! One connection of its own, made anew when it broke.
//!
//! While a statement is under way its connection is in the statement's hands: a future that is dropped, or an answer
//! that does not come in time, drops the connection too, so that no later statement can find it in the middle of
//! something.

use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgConnection, PgRow};
use sqlx::{ConnectOptions as _, SqlSafeStr};
use tokio::time::timeout;

use super::row::{self, Parameters};
use crate::store::StoreError;
use crate::store::session::{Row, Value};

/// How long a connection may take to be made.
const CONNECT: Duration = Duration::from_secs(5);

/// A connection and how to make it.
pub(super) struct Link {
    options: PgConnectOptions,
    connection: Option<PgConnection>,
    /// How long an answer may take.
    patience: Duration,
}

impl Link {
    pub(super) fn new(options: PgConnectOptions, patience: Duration) -> Self {
        Self { options, connection: None, patience }
    }

    /// Whether there is a connection.
    pub(super) fn is_connected(&self) -> bool {
        self.connection.is_some()
    }

    /// Makes the connection if there is none.
    pub(super) async fn connect(&mut self) -> Result<(), StoreError> {
        if self.connection.is_none() {
            let made = timeout(CONNECT, self.options.connect()).await.map_err(|_| late(CONNECT))?;
            self.connection = Some(made.map_err(|error| row::refusal(&error))?);
        }
        Ok(())
    }

    /// Drops the connection, and with it whatever was not committed.
    pub(super) fn disconnect(&mut self) {
        self.connection = None;
    }

    /// Runs one statement on the connection that there is.
    pub(super) async fn query(&mut self, text: &'static str, values: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        self.run(text, Parameters::Values(values)).await
    }

    pub(super) async fn run(&mut self, text: &'static str, parameters: Parameters) -> Result<Vec<Row>, StoreError> {
        let mut connection = self.take()?;
        let answer = timeout(self.patience, row::run(&mut connection, text, parameters)).await;
        self.answered(connection, answer)
    }

    /// Runs one statement or several without parameters.
    pub(super) async fn execute(&mut self, text: impl SqlSafeStr + Send) -> Result<(), StoreError> {
        let mut connection = self.take()?;
        let run = async { sqlx::raw_sql(text).execute(&mut connection).await.map(|_| Vec::new()) };
        let answer = timeout(self.patience, run).await;
        self.answered(connection, answer).map(drop)
    }

    fn take(&mut self) -> Result<PgConnection, StoreError> {
        self.connection.take().ok_or_else(|| StoreError::Unavailable("the connection was lost".to_owned()))
    }

    fn answered(
        &mut self,
        connection: PgConnection,
        answer: Result<Result<Vec<PgRow>, sqlx::Error>, tokio::time::error::Elapsed>,
    ) -> Result<Vec<Row>, StoreError> {
        match answer {
            Ok(Ok(rows)) => {
                self.connection = Some(connection);
                row::rows(&rows)
            }
            Ok(Err(error)) => {
                if row::is_answer(&error) {
                    self.connection = Some(connection);
                }
                Err(row::refusal(&error))
            }
            Err(_) => Err(late(self.patience)),
        }
    }
}

pub(super) fn late(patience: Duration) -> StoreError {
    StoreError::Unavailable(format!("no answer within {}", humantime::format_duration(patience)))
}
