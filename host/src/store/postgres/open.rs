//! Reaches the database: settings of a session, version check, migrations.

use std::str::FromStr as _;
use std::time::Duration;

use sqlx::ConnectOptions as _;
use sqlx::postgres::{PgConnectOptions, PgConnection};
use tokio::time::timeout;

use super::changes::OthersChanges;
use super::lease::LeaseLink;
use super::readers::PostgresReaders;
use super::wake::WakeUps;
use super::writer::PostgresWriter;
use crate::store::OpenError;
use crate::store::changes::ChangeLog;
use crate::store::schema::Schema;

/// Version 13 and later can do all that is asked here; older ones get no fixes any more.
const SERVER_NEEDED: u32 = 13;
/// How long the server may take to answer at the start; a migration that waits for another node's included.
const PATIENCE: Duration = Duration::from_mins(1);

const SCHEMA: Schema = Schema(&[
    (1, "initial", include_str!("../../../migrations/postgres/0001_initial.sql")),
    (2, "changes", include_str!("../../../migrations/postgres/0002_changes.sql")),
    (3, "access", include_str!("../../../migrations/postgres/0003_access.sql")),
    (4, "grants", include_str!("../../../migrations/postgres/0004_grants.sql")),
    (5, "signatures", include_str!("../../../migrations/postgres/0005_signatures.sql")),
    (6, "secrets", include_str!("../../../migrations/postgres/0006_secrets.sql")),
    (7, "jobs at once", include_str!("../../../migrations/postgres/0007_jobs_at_once.sql")),
    (8, "priorities and labels", include_str!("../../../migrations/postgres/0008_priorities_and_labels.sql")),
    (9, "schedules", include_str!("../../../migrations/postgres/0009_schedules.sql")),
    (10, "keys", include_str!("../../../migrations/postgres/0010_keys.sql")),
    (11, "webhooks", include_str!("../../../migrations/postgres/0011_webhooks.sql")),
    (12, "retention", include_str!("../../../migrations/postgres/0012_retention.sql")),
    (13, "history and lists", include_str!("../../../migrations/postgres/0013_history_and_lists.sql")),
    (14, "one index of ends", include_str!("../../../migrations/postgres/0014_one_index_of_ends.sql")),
    (15, "less to write", include_str!("../../../migrations/postgres/0015_less_to_write.sql")),
]);

/// Marks of writers that ended long ago, and what they had to tell.
const FORGET_WRITERS: &str = "DELETE FROM writer WHERE seen_at < now() - INTERVAL '7 days';
    DELETE FROM change WHERE at < now() - INTERVAL '1 hour'";

/// A database that was reached.
pub(in crate::store) struct Opened {
    pub(in crate::store) writer: PostgresWriter,
    pub(in crate::store) readers: PostgresReaders,
    pub(in crate::store) wake_ups: WakeUps,
    pub(in crate::store) company: Company,
}

/// What a node has to do with the others that share the database.
pub struct Company {
    /// The connection for the node's beats.
    pub lease: LeaseLink,
    /// What tells it of the others' changes.
    pub others: OthersChanges,
}

/// Connects and brings the schema up to date. What others change will be told in `changes`.
pub(in crate::store) async fn open(url: &str, changes: &ChangeLog) -> Result<Opened, OpenError> {
    let options = options(url)?;
    let late = |_| OpenError::Database(format!("no answer within {}", humantime::format_duration(PATIENCE)));
    timeout(PATIENCE, prepare(&options)).await.map_err(late)??;
    let (writer, readers) = (PostgresWriter::new(options.clone()), PostgresReaders::new(&options));
    let others = OthersChanges::begin(readers.clone(), writer.id(), changes.clone())
        .await
        .map_err(|error| OpenError::Database(error.to_string()))?;
    Ok(Opened {
        writer,
        readers,
        wake_ups: WakeUps::new(&options),
        company: Company { lease: LeaseLink::new(options), others },
    })
}

/// What every session is told. The server ends what hangs: a statement, a transaction that nobody continues, a client
/// that is not there any more.
fn options(url: &str) -> Result<PgConnectOptions, OpenError> {
    let options = PgConnectOptions::from_str(url)
        .map_err(|error| OpenError::Database(format!("the URL of the database cannot be read: {error}")))?;
    Ok(options
        .options([
            ("statement_timeout", "20s"),
            ("lock_timeout", "5s"),
            ("idle_in_transaction_session_timeout", "10s"),
            ("tcp_keepalives_idle", "10"),
            ("tcp_keepalives_interval", "5"),
            ("tcp_keepalives_count", "3"),
            ("synchronous_commit", "on"),
            ("client_min_messages", "warning"),
            // What lasts for milliseconds gains nothing from being compiled.
            ("jit", "off"),
        ])
        .disable_statement_logging())
}

async fn prepare(options: &PgConnectOptions) -> Result<(), OpenError> {
    let refuse = |error: sqlx::Error| OpenError::Database(error.to_string());
    let mut connection: PgConnection = options.connect().await.map_err(refuse)?;
    let found = connection.server_version_num().unwrap_or(0) / 10_000;
    if found < SERVER_NEEDED {
        return Err(OpenError::OldPostgres { found, needed: SERVER_NEEDED });
    }
    SCHEMA.bring_up_to_date(&mut connection).await?;
    sqlx::raw_sql(FORGET_WRITERS).execute(&mut connection).await.map_err(refuse)?;
    Ok(())
}
