//! Adding a module: check, compile, ask it what it is, keep it.

use std::sync::Arc;

use bytes::Bytes;
use tokio::sync::OwnedSemaphorePermit;

use super::error::AddError;
use super::registry::Registry;
use super::schemas::Schemas;
use super::upload::Upload;
use crate::domain::{Digest, Grants, Module, ModuleLabel, Provenance};
use crate::store::{Answer, ModuleWrite, Write};

/// What to do when other bytes have the same name and version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnConflict {
    /// Leave what is there.
    Refuse,
    /// Move the version to the new bytes; older jobs keep theirs.
    Replace,
}

/// What adding a module came to.
#[derive(Debug, Clone)]
pub enum Added {
    /// It is new, or its version was moved to it.
    New(Module),
    /// The same bytes were there already.
    Known(Module),
}

/// A component that was looked at and found fit, and of which nothing is kept yet.
#[derive(Debug)]
pub struct Candidate {
    pub(super) module: Module,
    pub(super) bytes: Bytes,
    _memory: OwnedSemaphorePermit,
}

impl Candidate {
    /// What would be added.
    pub fn module(&self) -> &Module {
        &self.module
    }
}

impl Registry {
    /// Adds a module from its component's bytes. Compiles it and runs its `describe`, so that every fault of a module
    /// shows here and not in its first job.
    pub async fn add(&self, bytes: Bytes, on_conflict: OnConflict) -> Result<Added, AddError> {
        let candidate = self.examine(Upload::of(bytes)).await?;
        self.keep(candidate, on_conflict).await
    }

    /// The first half of [`add`](Self::add), which changes nothing and takes its time. Dropping the future ends it, the
    /// compiler included.
    pub async fn examine(&self, mut upload: Upload) -> Result<Candidate, AddError> {
        let Upload { digest, size_bytes, .. } = upload;
        let (signature, source) = (upload.signature.take(), upload.source.take());
        if size_bytes > self.module_bytes_max() {
            return Err(AddError::TooLarge { bytes: size_bytes, max: self.module_bytes_max() });
        }
        // Those that wait for their turn wait on disk.
        let memory = Arc::clone(&self.inner.in_memory).acquire_owned().await.expect("the semaphore is never closed");
        let bytes = upload.into_bytes().await.map_err(AddError::Unreceived)?;
        let known = self.inner.store.module(digest).await?;
        // Nothing is compiled for strangers.
        let stored = known.as_ref().and_then(|module| module.provenance.signature.clone());
        let signature = self.verify(&bytes, signature, stored).await?;
        let mut module = match known {
            Some(module) => module,
            None => self.module_of(digest, &bytes).await?,
        };
        module.provenance = Provenance { source: source.or(module.provenance.source), signature };
        Ok(Candidate { module, bytes, _memory: memory })
    }

    /// The second half, which is one write.
    pub async fn keep(&self, candidate: Candidate, on_conflict: OnConflict) -> Result<Added, AddError> {
        let Candidate { module, bytes, _memory } = candidate;
        let write = ModuleWrite { module: module.clone(), bytes, replace: on_conflict == OnConflict::Replace };
        match self.inner.store.write(Write::PutModule(Box::new(write))).await? {
            Answer::Count(_) => Ok(Added::Known(module)),
            Answer::VersionTaken(digest) => {
                Err(AddError::VersionExists { label: ModuleLabel { digest, ..module.label() } })
            }
            _ => Ok(Added::New(module)),
        }
    }

    async fn module_of(&self, digest: Digest, bytes: &Bytes) -> Result<Module, AddError> {
        let program = self.inner.sandbox.admit(digest, bytes.clone()).await?;
        let info = self.inner.sandbox.describe(&program).await?;
        Schemas::of(&info)?;
        Ok(Module {
            info,
            digest,
            size_bytes: bytes.len() as u64,
            imports: program.imports().to_vec(),
            grants: Grants::default(),
            created_at: self.inner.clock.now(),
            provenance: Provenance::default(),
        })
    }
}
