//! Tokens, with the hashes of their texts, and who did what.

use super::rows::{time, time_or_null};
use crate::domain::page::PAGE_MAX;
use crate::domain::{
    Actor, After, AuditEntry, AuditPage, NumberedEntry, Reach, StoredToken, Token, TokenHash, TokenId,
};
use crate::store::StoreError;
use crate::store::session::{Row, Session, mismatch};
use crate::store::sql::Statement;

static TOKENS: Statement = Statement::new(
    "SELECT hash, id, name, scopes, modules, expires_at, created_at, last_used_at, revoked_at FROM token ORDER BY id",
);

/// All tokens, oldest first.
pub(in crate::store) async fn tokens<S: Session>(session: &mut S) -> Result<Vec<StoredToken>, StoreError> {
    let rows = session.query(&TOKENS, vec![]).await?;
    rows.into_iter().map(|mut row| token(&mut row)).collect()
}

fn token(row: &mut Row) -> Result<StoredToken, StoreError> {
    let hash = row.bytes_or_null("token.hash")?.unwrap_or_default().try_into();
    let hash = hash.map(TokenHash).map_err(|_| mismatch("token.hash", "a hash has 32 bytes"))?;
    let id = TokenId::from_uuid(row.uuid("token.id")?);
    let (name, scopes) = (row.word("token.name")?, row.word("token.scopes")?);
    let modules = row.text_or_null("token.modules")?;
    let reach = Reach::of(modules.iter().flat_map(|names| names.split_whitespace()).map(str::to_owned));
    let expires_at = time_or_null(row, "token.expires_at")?;
    let created_at = time(row, "token.created_at")?;
    let last_used_at = time_or_null(row, "token.last_used_at")?;
    let revoked_at = time_or_null(row, "token.revoked_at")?;
    let token = Token { id, name, scopes, reach, expires_at, created_at, last_used_at, revoked_at };
    Ok(StoredToken { hash, token })
}

static COUNTS: Statement = Statement::new("SELECT count(*), count(revoked_at) FROM token");

/// How many tokens there are and how many of them are revoked.
pub(in crate::store) async fn token_counts<S: Session>(session: &mut S) -> Result<(u64, u64), StoreError> {
    let rows = session.query(&COUNTS, vec![]).await?;
    rows.into_iter().next().map_or(Ok((0, 0)), |mut row| Ok((row.count("count")?, row.count("count")?)))
}

/// `$1` the last number the reader has, `$2` how many.
static AUDIT: Statement = Statement::new(
    "SELECT seq, at, token, actor, peer, action, object, status, request FROM audit
     WHERE seq > $1 ORDER BY seq LIMIT $2",
);
static AUDIT_END: Statement = Statement::new("SELECT last_seq FROM audit_end WHERE id = 1");

/// Entries after a number, oldest first.
pub(in crate::store) async fn audit_page<S: Session>(session: &mut S, part: After) -> Result<AuditPage, StoreError> {
    let values = vec![part.after.into(), part.limit.clamp(1, PAGE_MAX).into()];
    let rows = session.query(&AUDIT, values).await?;
    let entries = rows.into_iter().map(|mut row| entry(&mut row)).collect::<Result<Vec<_>, _>>()?;
    let next_after = entries.last().map_or(part.after, |last| last.seq);
    let end = session.query(&AUDIT_END, vec![]).await?;
    let last_seq = end.into_iter().next().map_or(Ok(0), |mut row| row.count("audit_end.last_seq"))?;
    Ok(AuditPage { entries, next_after, last_seq })
}

fn entry(row: &mut Row) -> Result<NumberedEntry, StoreError> {
    let (seq, time) = (row.count("audit.seq")?, time(row, "audit.at")?);
    let token = row.uuid_or_null("audit.token")?.map(TokenId::from_uuid);
    let name = row.text("audit.actor")?;
    let actor = match token {
        Some(token) => Actor::Token(token, name),
        None if name == Actor::Local.name() => Actor::Local,
        None => Actor::Unknown,
    };
    let (peer, action) = (row.text("audit.peer")?, row.text("audit.action")?);
    let object = row.text_or_null("audit.object")?;
    let status = u16::try_from(row.int("audit.status")?).map_err(|_| mismatch("audit.status", "it is no status"))?;
    let request = row.uuid("audit.request")?;
    Ok(NumberedEntry { seq, entry: AuditEntry { time, actor, peer, action, object, status, request } })
}
