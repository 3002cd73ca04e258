//! Puts secrets away, lists them, and opens them.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use super::key::{Key, KeyError};
use crate::domain::grants::HttpGrant;
use crate::domain::{Clock, Secret, SecretName, SecretValue};
use crate::store::{Answer, SecretWrite, Store, StoreError, Write};

/// The secrets of this database, and this node's key to them. Cheap to clone.
#[derive(Clone)]
pub struct Vault {
    inner: Arc<Inner>,
}

struct Inner {
    store: Store,
    clock: Arc<dyn Clock>,
    key_file: PathBuf,
    key: OnceLock<Key>,
}

/// A secret for one attempt.
#[derive(Debug, Clone)]
pub struct OpenSecret {
    /// Its name.
    pub name: SecretName,
    /// The hosts that may get it.
    pub hosts: Vec<HttpGrant>,
    /// What it is.
    pub value: SecretValue,
}

/// Why a secret could not be stored or opened.
#[derive(Debug, Clone, thiserror::Error)]
pub enum SecretError {
    /// There is none of this name.
    #[error("there is no secret `{0}`; `GET /v1/secrets` lists those there are")]
    Unknown(SecretName),
    /// It was sealed with another key, or changed in the database.
    #[error(
        "the secret `{0}` does not open with the key of this node (secrets.key_file); all nodes need the same key, or set its value again"
    )]
    Sealed(SecretName),
    /// The key cannot be used.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The database did not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Vault {
    /// Over a database, with the key in this file. The file is looked at only when there is a secret.
    pub fn new(store: Store, clock: Arc<dyn Clock>, key_file: PathBuf) -> Self {
        Self { inner: Arc::new(Inner { store, clock, key_file, key: OnceLock::new() }) }
    }

    /// Whether a file can serve as the key. One that is not there yet would be made.
    pub fn check_key(file: &Path) -> Result<(), KeyError> {
        Key::check(file)
    }

    /// Stores a secret, or gives one another value and other hosts. Answers it, and whether it is new.
    pub async fn put(
        &self,
        name: SecretName,
        hosts: Vec<String>,
        value: SecretValue,
    ) -> Result<(Secret, bool), SecretError> {
        let before = self.inner.store.secret(&name).await?;
        let sealed = self.key()?.seal(value.reveal(), &beside(&name, &hosts));
        let at = self.inner.clock.now();
        let write = SecretWrite { name: name.clone(), hosts: hosts.clone(), sealed, at };
        self.inner.store.write(Write::PutSecret(Box::new(write))).await?;
        let created_at = before.as_ref().map_or(at, |before| before.secret.created_at);
        Ok((Secret { name, hosts, created_at, updated_at: at }, before.is_none()))
    }

    /// What may be told of all secrets, by name.
    pub async fn list(&self) -> Result<Vec<Secret>, StoreError> {
        Ok(self.inner.store.secrets().await?.into_iter().map(|sealed| sealed.secret).collect())
    }

    /// Removes a secret. Modules that were granted it fail from then on.
    pub async fn remove(&self, name: SecretName) -> Result<(), SecretError> {
        match self.inner.store.write(Write::RemoveSecret(name.clone())).await? {
            Answer::NotMatched => Err(SecretError::Unknown(name)),
            _ => Ok(()),
        }
    }

    /// Opens a secret.
    pub(crate) async fn open(&self, name: &SecretName) -> Result<OpenSecret, SecretError> {
        let stored = self.inner.store.secret(name).await?.ok_or_else(|| SecretError::Unknown(name.clone()))?;
        let Secret { name, hosts, .. } = stored.secret;
        let opened = self.key()?.open(&stored.sealed, &beside(&name, &hosts));
        let value = opened.and_then(|value| SecretValue::parse(value).ok());
        let hosts = hosts.iter().map(|host| host.parse().ok()).collect::<Option<_>>();
        match (value, hosts) {
            (Some(value), Some(hosts)) => Ok(OpenSecret { name, hosts, value }),
            (None, _) | (_, None) => Err(SecretError::Sealed(name)),
        }
    }

    /// Seals something else that only this node's key is to open, together with what it belongs to.
    pub(crate) fn seal(&self, value: &str, beside: &[u8]) -> Result<Vec<u8>, KeyError> {
        Ok(self.key()?.seal(value, beside))
    }

    /// Opens it again; `None` when it was sealed with another key, or belongs to something else.
    pub(crate) fn unseal(&self, sealed: &[u8], beside: &[u8]) -> Result<Option<String>, KeyError> {
        Ok(self.key()?.open(sealed, beside))
    }

    fn key(&self) -> Result<&Key, KeyError> {
        if let Some(key) = self.inner.key.get() {
            return Ok(key);
        }
        let key = Key::of_file(&self.inner.key_file)?;
        Ok(self.inner.key.get_or_init(|| key))
    }
}

/// Sealed together with the value, so that nobody who can write to the database can send it elsewhere.
fn beside(name: &SecretName, hosts: &[String]) -> Vec<u8> {
    serde_json::json!(["cofferdam-secret-1", name, hosts]).to_string().into_bytes()
}
