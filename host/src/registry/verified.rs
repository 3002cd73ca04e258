//! Checks signatures: of what is added, and again of what is to run, since a key may be trusted no more.

use std::collections::HashSet;
use std::sync::{Arc, MutexGuard, PoisonError};

use bytes::Bytes;

use super::error::{AddError, ProgramError};
use super::registry::Registry;
use super::trust::{Trust, TrustError, Unsigned};
use crate::domain::{Digest, ModuleSignature};

/// Modules of which this process remembers that their signature fits.
const REMEMBERED: usize = 10_000;

/// Components whose signature fits.
#[derive(Default)]
pub(super) struct Verified {
    /// Whose signatures were believed then.
    under: Arc<Trust>,
    digests: HashSet<Digest>,
}

impl Registry {
    /// The signature of bytes that are to be added, if there is one: the given one, which must fit whether or not it is
    /// asked for, or the one that they were added with before.
    pub(super) async fn verify(
        &self,
        bytes: &Bytes,
        given: Option<String>,
        stored: Option<ModuleSignature>,
    ) -> Result<Option<ModuleSignature>, AddError> {
        match (given, stored, self.inner.trust.get().unsigned) {
            (Some(given), ..) => Ok(Some(self.check(bytes.clone(), given).await?)),
            (None, stored, Unsigned::Taken) => Ok(stored),
            (None, Some(stored), Unsigned::Refused) => Ok(Some(self.check(bytes.clone(), stored.text).await?)),
            (None, None, Unsigned::Refused) => Err(TrustError::Missing.into()),
        }
    }

    /// Refuses to run what nobody stands for whom this host trusts. The bytes are checked once in each process, and again
    /// when others are trusted.
    pub(super) async fn may_run(&self, digest: Digest) -> Result<(), ProgramError> {
        let trust = self.inner.trust.get();
        if trust.unsigned == Unsigned::Taken || self.verified(&trust).digests.contains(&digest) {
            return Ok(());
        }
        let module = self.inner.store.module(digest).await?.ok_or(ProgramError::Missing)?;
        let signature = module.provenance.signature.ok_or(TrustError::Missing)?;
        let bytes = self.inner.store.component(digest).await?.ok_or(ProgramError::Missing)?;
        self.check(bytes, signature.text).await?;
        let digests = &mut self.verified(&trust).digests;
        if digests.len() >= REMEMBERED {
            digests.clear();
        }
        digests.insert(digest);
        Ok(())
    }

    /// Forgets what was checked.
    pub(super) fn forget_verified(&self) {
        self.verified(&self.inner.trust.get()).digests.clear();
    }

    /// What was checked under this trust.
    fn verified(&self, trust: &Arc<Trust>) -> MutexGuard<'_, Verified> {
        let mut verified = self.inner.verified.lock().unwrap_or_else(PoisonError::into_inner);
        if !Arc::ptr_eq(&verified.under, trust) {
            *verified = Verified { under: Arc::clone(trust), digests: HashSet::new() };
        }
        verified
    }

    async fn check(&self, bytes: Bytes, text: String) -> Result<ModuleSignature, TrustError> {
        let trust = self.inner.trust.get();
        let checked = tokio::task::spawn_blocking(move || trust.check(&bytes, &text)).await;
        checked.unwrap_or_else(|panicked| Err(TrustError::Malformed(panicked.to_string())))
    }
}
