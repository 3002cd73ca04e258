//! Secrets, sealed as they are stored.

use super::rows::time;
use crate::domain::{Secret, SecretName};
use crate::store::StoreError;
use crate::store::session::{Row, Session, mismatch};
use crate::store::sql::Statement;

/// A secret and its value, which only the node's key opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedSecret {
    /// What may be told of it.
    pub secret: Secret,
    /// The sealed value.
    pub sealed: Vec<u8>,
}

static SECRETS: Statement =
    Statement::new("SELECT name, hosts, sealed, created_at, updated_at FROM secret ORDER BY name");
static SECRET: Statement =
    Statement::new("SELECT name, hosts, sealed, created_at, updated_at FROM secret WHERE name = $1");

/// All secrets, by name.
pub(in crate::store) async fn secrets<S: Session>(session: &mut S) -> Result<Vec<SealedSecret>, StoreError> {
    let rows = session.query(&SECRETS, vec![]).await?;
    rows.into_iter().map(|mut row| secret(&mut row)).collect()
}

/// One secret.
pub(in crate::store) async fn find_secret<S: Session>(
    session: &mut S,
    name: &SecretName,
) -> Result<Option<SealedSecret>, StoreError> {
    let mut rows = session.query(&SECRET, vec![name.as_str().into()]).await?;
    rows.first_mut().map(secret).transpose()
}

fn secret(row: &mut Row) -> Result<SealedSecret, StoreError> {
    let name = row.word("secret.name")?;
    let hosts = serde_json::from_str(&row.text("secret.hosts")?)
        .map_err(|error| mismatch("secret.hosts", &error.to_string()))?;
    let sealed = row.bytes_or_null("secret.sealed")?.ok_or_else(|| mismatch("secret.sealed", "it is null"))?;
    let (created_at, updated_at) = (time(row, "secret.created_at")?, time(row, "secret.updated_at")?);
    Ok(SealedSecret { secret: Secret { name, hosts, created_at, updated_at }, sealed })
}
