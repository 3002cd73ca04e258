//! What is written of secrets.

use super::statement::Statement;

/// `$1` name, `$2` hosts, `$3` sealed value, `$4` now.
pub(in crate::store) static PUT_SECRET: Statement = Statement::new(
    "INSERT INTO secret (name, hosts, sealed, created_at, updated_at) VALUES ($1, $2, $3, $4, $4)
     ON CONFLICT (name) DO UPDATE SET hosts = excluded.hosts, sealed = excluded.sealed, updated_at = excluded.updated_at",
);

/// `$1` name.
pub(in crate::store) static REMOVE_SECRET: Statement =
    Statement::new("DELETE FROM secret WHERE name = $1 RETURNING created_at");
