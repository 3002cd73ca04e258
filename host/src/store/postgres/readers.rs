//! The connections that read.

use std::time::Duration;

use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::{ConnectOptions as _, Postgres};
use tokio::time::timeout;
use tokio_util::task::TaskTracker;

use super::link::late;
use super::row::{self, Parameters};
use crate::store::StoreError;
use crate::store::session::{Row, Session, Value};
use crate::store::sql::{BatchStatement, Dialect, Statement};

/// Connections that only read.
const READERS: u32 = 8;
/// How long a reader may have to wait for a connection.
const ACQUIRE: Duration = Duration::from_secs(5);
/// How long one statement may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// A pool of them.
#[derive(Clone)]
pub(in crate::store) struct PostgresReaders {
    pool: PgPool,
    tasks: TaskTracker,
}

/// One of them.
pub(in crate::store) struct PostgresReader {
    connection: Option<PoolConnection<Postgres>>,
    tasks: TaskTracker,
}

impl PostgresReaders {
    pub(super) fn new(options: &PgConnectOptions) -> Self {
        let options = options.clone().application_name("cofferdam reader").disable_statement_logging();
        let pool = PgPoolOptions::new()
            .max_connections(READERS)
            .acquire_timeout(ACQUIRE)
            .max_lifetime(None)
            .connect_lazy_with(options);
        Self { pool, tasks: TaskTracker::new() }
    }

    pub(in crate::store) async fn acquire(&self) -> Result<PostgresReader, StoreError> {
        let connection = self.pool.acquire().await.map_err(|error| row::refusal(&error))?;
        Ok(PostgresReader { connection: Some(connection), tasks: self.tasks.clone() })
    }

    pub(in crate::store) async fn close(&self) {
        self.tasks.close();
        self.tasks.wait().await;
        // A connection that does not answer must not hold the process's end up.
        let _ = timeout(ACQUIRE, self.pool.close()).await;
    }
}

impl PostgresReader {
    /// A statement runs in a task of its own: whoever asked may go away, the connection is always left in order.
    async fn run(&mut self, text: &'static str, parameters: Parameters) -> Result<Vec<Row>, StoreError> {
        let lost = || StoreError::Unavailable("the connection was lost".to_owned());
        let mut connection = self.connection.take().ok_or_else(lost)?;
        let task = self.tasks.spawn(async move {
            match timeout(PATIENCE, row::run(&mut connection, text, parameters)).await {
                Ok(Ok(rows)) => (Some(connection), row::rows(&rows)),
                Ok(Err(error)) if row::is_answer(&error) => (Some(connection), Err(row::refusal(&error))),
                Ok(Err(error)) => {
                    drop(connection.detach());
                    (None, Err(row::refusal(&error)))
                }
                Err(_) => {
                    drop(connection.detach());
                    (None, Err(late(PATIENCE)))
                }
            }
        });
        match task.await {
            Ok((connection, answer)) => {
                self.connection = connection;
                answer
            }
            Err(error) => Err(StoreError::Inconsistent { place: "reader", reason: error.to_string() }),
        }
    }
}

impl Session for PostgresReader {
    async fn query(&mut self, statement: &'static Statement, values: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        self.run(statement.text(Dialect::Postgres), Parameters::Values(values)).await
    }

    async fn apply(
        &mut self,
        statement: &'static BatchStatement,
        rows: Vec<Vec<Value>>,
    ) -> Result<Vec<Row>, StoreError> {
        self.run(statement.for_arrays(), Parameters::Rows(statement.columns, rows)).await
    }
}
