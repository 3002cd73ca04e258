//! Checks signatures: of what is added, and again of what is to run, since a key may be trusted no more.

use bytes::Bytes;

use super::error::{AddError, ProgramError};
use super::registry::Registry;
use super::trust::{TrustError, Unsigned};
use crate::domain::{Digest, ModuleSignature};

/// Modules of which this process remembers that their signature fits. The keys do not change while it lives.
const REMEMBERED: usize = 10_000;

impl Registry {
    /// The signature of bytes that are to be added, if there is one: the given one, which must fit whether or not it is
    /// asked for, or the one that they were added with before.
    pub(super) async fn verify(
        &self,
        bytes: &Bytes,
        given: Option<String>,
        stored: Option<ModuleSignature>,
    ) -> Result<Option<ModuleSignature>, AddError> {
        match (given, stored, self.inner.trust.unsigned) {
            (Some(given), ..) => Ok(Some(self.check(bytes.clone(), given).await?)),
            (None, stored, Unsigned::Taken) => Ok(stored),
            (None, Some(stored), Unsigned::Refused) => Ok(Some(self.check(bytes.clone(), stored.text).await?)),
            (None, None, Unsigned::Refused) => Err(TrustError::Missing.into()),
        }
    }

    /// Refuses to run what nobody stands for whom this host trusts. The bytes are checked once in each process.
    pub(super) async fn may_run(&self, digest: Digest) -> Result<(), ProgramError> {
        if self.inner.trust.unsigned == Unsigned::Taken || self.verified().contains(&digest) {
            return Ok(());
        }
        let module = self.inner.store.module(digest).await?.ok_or(ProgramError::Missing)?;
        let signature = module.provenance.signature.ok_or(TrustError::Missing)?;
        let bytes = self.inner.store.component(digest).await?.ok_or(ProgramError::Missing)?;
        self.check(bytes, signature.text).await?;
        let mut verified = self.verified();
        if verified.len() >= REMEMBERED {
            verified.clear();
        }
        verified.insert(digest);
        Ok(())
    }

    async fn check(&self, bytes: Bytes, text: String) -> Result<ModuleSignature, TrustError> {
        let inner = std::sync::Arc::clone(&self.inner);
        let checked = tokio::task::spawn_blocking(move || inner.trust.check(&bytes, &text)).await;
        checked.unwrap_or_else(|panicked| Err(TrustError::Malformed(panicked.to_string())))
    }
}
