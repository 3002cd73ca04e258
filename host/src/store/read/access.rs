//! Tokens, with the hashes of their texts.

use super::rows::{time, time_or_null};
use crate::domain::{Reach, StoredToken, Token, TokenHash, TokenId};
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
