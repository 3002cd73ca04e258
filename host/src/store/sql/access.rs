//! What is written of tokens, tickets and the audit log. A token's row is never removed: that one was there once is what
//! makes a host ask for one.

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

/// `$1` now.
pub(in crate::store) static DROP_OLD_TICKETS: Statement =
    Statement::new("DELETE FROM stream_ticket WHERE expires_at <= $1");

pub(in crate::store) static COUNT_TICKETS: Statement = Statement::new("SELECT count(*) FROM stream_ticket");

/// `$1` hash, `$2` token or null, `$3` expiry.
pub(in crate::store) static INSERT_TICKET: Statement =
    Statement::new("INSERT INTO stream_ticket (hash, token, expires_at) VALUES ($1, $2, $3)");

/// `$1` hash, `$2` now. Whoever gets the row is the only one who does.
pub(in crate::store) static TAKE_TICKET: Statement =
    Statement::new("DELETE FROM stream_ticket WHERE hash = $1 AND expires_at > $2 RETURNING token");

/// `$1` how many entries follow. Answers the last number after them.
pub(in crate::store) static NUMBER_AUDIT: Statement =
    Statement::new("UPDATE audit_end SET last_seq = last_seq + $1 WHERE id = 1 RETURNING last_seq");

pub(in crate::store) static APPEND_AUDIT: BatchStatement = BatchStatement::new(
    &[
        ("seq", Kind::Int),
        ("at", Kind::Int),
        ("token", Kind::Bytes),
        ("actor", Kind::Text),
        ("peer", Kind::Text),
        ("action", Kind::Text),
        ("object", Kind::Text),
        ("status", Kind::Int),
        ("request", Kind::Bytes),
    ],
    "INSERT INTO audit (seq, at, token, actor, peer, action, object, status, request)
     SELECT w.seq, w.at, w.token, w.actor, w.peer, w.action, w.object, w.status, w.request FROM w",
);

/// `$1` the last number that is not kept, `$2` the time before which nothing is kept.
pub(in crate::store) static DROP_OLD_AUDIT: Statement = Statement::new("DELETE FROM audit WHERE seq <= $1 OR at < $2");
