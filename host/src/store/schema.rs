//! Brings a database's schema up to date, and refuses one that is newer than this program.

use sqlx::migrate::{Migrate, MigrateError, Migration, MigrationType, Migrator};

use super::OpenError;

/// Where the changes that were made are noted.
const TABLE: &str = "_sqlx_migrations";

/// The changes of a database's schema: number, name, statements. Never edited after a release.
pub(super) struct Schema(pub(super) &'static [(i64, &'static str, &'static str)]);

impl Schema {
    /// The newest version that this program knows.
    pub(super) fn newest(&self) -> i64 {
        self.0.iter().map(|(version, ..)| *version).max().unwrap_or(0)
    }

    /// Makes the changes that are missing. An older program must not write to a newer schema.
    pub(super) async fn bring_up_to_date(&self, connection: &mut impl Migrate) -> Result<(), OpenError> {
        let refuse = |error: MigrateError| OpenError::Database(error.to_string());
        let known = self.newest();
        // Several nodes may start at once. The lock goes with the connection if something fails.
        connection.lock().await.map_err(refuse)?;
        connection.ensure_migrations_table(TABLE).await.map_err(refuse)?;
        let made = connection.list_applied_migrations(TABLE).await.map_err(refuse)?;
        let found = made.iter().map(|change| change.version).max().unwrap_or(0);
        if found > known {
            return Err(OpenError::NewerSchema { found, known });
        }
        self.migrator().run_direct(None, connection, false).await.map_err(refuse)?;
        connection.unlock().await.map_err(refuse)
    }

    fn migrator(&self) -> Migrator {
        let change = |(version, name, sql): &(i64, &'static str, &'static str)| {
            let sql = sqlx::SqlSafeStr::into_sql_str(*sql);
            Migration::new(*version, (*name).into(), MigrationType::Simple, sql, false)
        };
        Migrator::with_migrations(self.0.iter().map(change).collect())
    }
}
