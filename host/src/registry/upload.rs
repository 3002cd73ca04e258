//! Receiving a component: counted and hashed on its way into a file that has no name, so that whatever ends the upload
//! early leaves nothing behind.

use std::fs::File;
use std::io::{self, SeekFrom};

use bytes::Bytes;
use sha2::{Digest as _, Sha256};
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _, AsyncWriteExt as _};
use tokio::sync::OwnedSemaphorePermit;

use super::error::AddError;
use super::registry::Registry;
use crate::domain::Digest;
use crate::sandbox::Sandbox;

/// Uploads under way or waiting at once; more are told to come later. Each may take the largest component's size of the
/// disk.
pub(super) const UPLOADS: usize = 64;

/// A component that is still coming.
#[derive(Debug)]
pub struct Receiving {
    file: tokio::fs::File,
    hash: Sha256,
    size_bytes: u64,
    max: u64,
    place: OwnedSemaphorePermit,
}

/// A component that is there as a whole, and that nobody has looked at yet.
#[derive(Debug)]
pub struct Upload {
    content: Content,
    pub(super) digest: Digest,
    pub(super) size_bytes: u64,
    /// What whoever sends it says of its origin: a signature that nobody has checked yet.
    pub(super) signature: Option<String>,
    pub(super) source: Option<String>,
    _place: Option<OwnedSemaphorePermit>,
}

#[derive(Debug)]
enum Content {
    Memory(Bytes),
    File(tokio::fs::File),
}

impl Registry {
    /// Begins to receive a component.
    pub fn receive(&self) -> Result<Receiving, AddError> {
        let place = std::sync::Arc::clone(&self.inner.uploads).try_acquire_owned();
        let place = place.map_err(|_| AddError::TooMany { uploads: UPLOADS })?;
        let file: File = tempfile::tempfile_in(&self.inner.upload_dir).map_err(AddError::Unreceived)?;
        let (file, max) = (tokio::fs::File::from_std(file), self.module_bytes_max());
        Ok(Receiving { file, hash: Sha256::new(), size_bytes: 0, max, place })
    }
}

impl Receiving {
    /// Takes the next part.
    pub async fn take(&mut self, part: &[u8]) -> Result<(), AddError> {
        self.size_bytes += part.len() as u64;
        if self.size_bytes > self.max {
            return Err(AddError::TooLarge { bytes: self.size_bytes, max: self.max });
        }
        self.hash.update(part);
        self.file.write_all(part).await.map_err(AddError::Unreceived)
    }

    /// It came to its end.
    pub async fn finish(mut self) -> Result<Upload, AddError> {
        self.file.flush().await.map_err(AddError::Unreceived)?;
        Ok(Upload {
            content: Content::File(self.file),
            digest: Digest::from_bytes(self.hash.finalize().into()),
            size_bytes: self.size_bytes,
            signature: None,
            source: None,
            _place: Some(self.place),
        })
    }
}

impl Upload {
    /// One that is in memory already, as programs that embed the host have it.
    pub fn of(bytes: Bytes) -> Self {
        let (digest, size_bytes) = (Sandbox::digest_of(&bytes), bytes.len() as u64);
        Self { content: Content::Memory(bytes), digest, size_bytes, signature: None, source: None, _place: None }
    }

    /// With the text of a `.minisig` file, if there is one.
    #[must_use]
    pub fn signed(self, signature: Option<String>) -> Self {
        Self { signature, ..self }
    }

    /// With where it was fetched, if that is known.
    #[must_use]
    pub fn fetched_from(self, source: Option<String>) -> Self {
        Self { source, ..self }
    }

    /// All of it, in memory once.
    pub(super) async fn into_bytes(self) -> io::Result<Bytes> {
        let mut file = match self.content {
            Content::Memory(bytes) => return Ok(bytes),
            Content::File(file) => file,
        };
        file.seek(SeekFrom::Start(0)).await?;
        let mut bytes = Vec::with_capacity(usize::try_from(self.size_bytes).unwrap_or_default());
        file.read_to_end(&mut bytes).await?;
        Ok(bytes.into())
    }
}
