//! What is written of tokens. A row is never removed: that a token was there once is what makes a host ask for one.

use super::statement::{BatchStatement, Kind, Statement};

/// `$1` id, `$2` hash, `$3` name, `$4` scopes, `$5` modules or null, `$6` expiry or null, `$7` now.
pub(in crate::store) static INSERT_TOKEN: Statement = Statement::new(
    "INSERT INTO token (id, hash, name, scopes, modules, expires_at, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
);

/// `$1` id, `$2` now.
pub(in crate::store) static REVOKE_TOKEN: Statement =
    Statement::new("UPDATE token SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL RETURNING id");

/// Another node may have seen it later.
pub(in crate::store) static TOUCH_TOKENS: BatchStatement = BatchStatement::new(
    &[("token", Kind::Bytes), ("at", Kind::Int)],
    "UPDATE token SET last_used_at = w.at FROM w
     WHERE token.id = w.token AND (token.last_used_at IS NULL OR token.last_used_at < w.at)
     RETURNING token.id",
);
