//! What is done with the file beside reading and writing, each time over a connection of its own: nobody waits for it who
//! writes.

use std::path::Path;
use std::time::Duration;

use sqlx::query::Query;
use sqlx::sqlite::{SqliteArguments, SqliteConnectOptions};
use sqlx::{ConnectOptions as _, Connection as _, Sqlite};

use super::refusal;
use crate::store::StoreError;

/// How long writers may be held up, at most, until the readers of the moment are done.
const HOLD_UP: Duration = Duration::from_millis(200);

/// The way to the file.
pub(in crate::store) struct Upkeep {
    options: SqliteConnectOptions,
}

impl Upkeep {
    pub(super) const fn new(options: SqliteConnectOptions) -> Self {
        Self { options }
    }

    /// Takes all of the write-ahead log into the database and begins it anew. While somebody reads all the time, what is
    /// written adds to it without end otherwise. Readers that are not done in time have it tried again later.
    pub(in crate::store) async fn fold_log(&self) -> Result<(), StoreError> {
        let options = self.options.clone().create_if_missing(false).busy_timeout(HOLD_UP);
        self.run(options, sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)")).await
    }

    /// Writes the database as it is at a moment into an empty file, without its free pages. Writers go on meanwhile; what
    /// they write stays in the write-ahead log until this is done.
    pub(in crate::store) async fn copy_to(&self, file: &Path) -> Result<(), StoreError> {
        let path = file.to_str().ok_or_else(|| StoreError::Unavailable("the copy's path is no text".to_owned()))?;
        let options = self.options.clone().create_if_missing(false).read_only(true);
        self.run(options, sqlx::query("VACUUM INTO $1").bind(path.to_owned())).await
    }

    async fn run(
        &self,
        options: SqliteConnectOptions,
        query: Query<'static, Sqlite, SqliteArguments>,
    ) -> Result<(), StoreError> {
        let mut connection = options.connect().await.map_err(|error| refusal(&error))?;
        let done = query.fetch_all(&mut connection).await.map_err(|error| refusal(&error));
        connection.close().await.map_err(|error| refusal(&error))?;
        done.map(drop)
    }
}
