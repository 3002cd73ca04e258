//! The connection that writes.
//!
//! The answer to a commit can get lost. So every transaction leaves its mark in a row of this writer's own: whoever
//! holds that row's lock afterwards knows whether the transaction took effect, and that it can do so no more.

use std::time::Duration;

use sqlx::AssertSqlSafe;
use sqlx::postgres::PgConnectOptions;
use uuid::Uuid;

use super::changes::OwnChanges;
use super::link::Link;
use super::row::Parameters;
use crate::domain::JobId;
use crate::store::StoreError;
use crate::store::session::{Row, Session, Value};
use crate::store::sql::{BatchStatement, Dialect, Statement};
use crate::store::write::{CommitError, Transactions};

/// How long one statement may take; the largest module travels in one.
const PATIENCE: Duration = Duration::from_secs(30);

/// Ends the sessions of this writer that are not this one: what is not committed there never will be. Conditions have
/// no order in SQL, but the branches of a `CASE` have: nobody else's session may be ended.
const END_FORMER: &str = "SELECT count(CASE WHEN application_name = $1 AND pid <> pg_backend_pid() \
    THEN pg_terminate_backend(pid) END) FROM pg_stat_activity";
/// Waits for a transaction that is still under way, whether it inserts the row or updates it.
const LAST_BATCH: &str = "INSERT INTO writer (id, last_batch) VALUES ($1, $1) \
    ON CONFLICT (id) DO UPDATE SET last_batch = writer.last_batch RETURNING last_batch";

/// The only connection of this process that writes for jobs.
pub(in crate::store) struct PostgresWriter {
    link: Link,
    id: Uuid,
    name: String,
    /// The transaction that was begun last.
    batch: Uuid,
    changes: OwnChanges,
}

impl PostgresWriter {
    pub(super) fn new(options: PgConnectOptions) -> Self {
        let id = Uuid::new_v4();
        // PostgreSQL cuts names off at 63 bytes.
        let name = format!("cofferdam writer {id}");
        // Each of its statements looks for rows by their keys, or in the order of an index. Without statistics, in a young
        // database, PostgreSQL reads whole tables instead, and goes on to do so with a plan that it has kept.
        let by_key = [("enable_seqscan", "off"), ("enable_hashjoin", "off"), ("enable_mergejoin", "off")];
        let link = Link::new(options.application_name(&name).options(by_key), PATIENCE);
        Self { link, id, name, batch: Uuid::nil(), changes: OwnChanges::new(id) }
    }

    pub(super) const fn id(&self) -> Uuid {
        self.id
    }
}

impl Session for PostgresWriter {
    async fn query(&mut self, statement: &'static Statement, values: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        self.link.query(statement.text(Dialect::Postgres), values).await
    }

    async fn apply(
        &mut self,
        statement: &'static BatchStatement,
        rows: Vec<Vec<Value>>,
    ) -> Result<Vec<Row>, StoreError> {
        self.link.run(statement.for_arrays(), Parameters::Rows(statement.columns, rows)).await
    }
}

impl Transactions for PostgresWriter {
    async fn begin(&mut self) -> Result<(), StoreError> {
        self.link.connect().await?;
        self.batch = Uuid::new_v4();
        let (batch, id) = (self.batch.simple(), self.id.simple());
        let text = format!(
            r"BEGIN; INSERT INTO writer (id, last_batch) VALUES ('\x{id}', '\x{batch}')
              ON CONFLICT (id) DO UPDATE SET last_batch = excluded.last_batch, seen_at = excluded.seen_at"
        );
        self.link.execute(AssertSqlSafe(text)).await
    }

    async fn commit(&mut self, changed: &[JobId]) -> Result<(), CommitError> {
        if !self.link.is_connected() {
            let lost = "the connection was lost before the commit".to_owned();
            return Err(CommitError::Refused(StoreError::Unavailable(lost)));
        }
        let text = format!("{}COMMIT", self.changes.statements(changed));
        match self.link.execute(AssertSqlSafe(text)).await {
            Ok(()) => {
                self.changes.committed(changed);
                Ok(())
            }
            Err(error) if self.link.is_connected() => Err(CommitError::Refused(error)),
            Err(error) => Err(CommitError::Unknown(error)),
        }
    }

    async fn rollback(&mut self) -> Result<(), StoreError> {
        if !self.link.is_connected() {
            return Ok(());
        }
        let done = self.link.execute("ROLLBACK").await;
        if done.is_err() {
            self.link.disconnect();
        }
        done
    }

    async fn took_effect(&mut self, changed: &[JobId]) -> Result<bool, StoreError> {
        self.link.connect().await?;
        self.link.query(END_FORMER, vec![self.name.as_str().into()]).await?;
        let mut rows = self.link.query(LAST_BATCH, vec![self.id.into()]).await?;
        let last = rows.first_mut().map(|row| row.uuid("writer.last_batch")).transpose()?;
        let took_effect = last == Some(self.batch);
        if took_effect {
            self.changes.committed(changed);
        }
        Ok(took_effect)
    }
}
