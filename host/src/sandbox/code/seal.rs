//! The seal on compiled code: an HMAC-SHA256 with a key that this installation made for itself.
//!
//! Whoever maps compiled code runs it. A file that was damaged, swapped, or put there by somebody else has no seal.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use sha2::{Digest as _, Sha256};

const BLOCK_BYTES: usize = 64;

/// The key of one directory of compiled code.
pub(super) struct Key([u8; BLOCK_BYTES]);

impl Key {
    /// Reads the key, or makes one that only this user can read.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        match File::open(path) {
            Ok(file) => Self::read(file),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Self::create(path),
            Err(error) => Err(error),
        }
    }

    fn read(mut file: File) -> io::Result<Self> {
        let mut key = [0; BLOCK_BYTES];
        file.read_exact(&mut key)?;
        Ok(Self(key))
    }

    fn create(path: &Path) -> io::Result<Self> {
        let key = Self::read(File::open("/dev/urandom")?)?;
        // Linked into place when it is whole: another process that starts now reads all of it or none.
        let unfinished = path.with_extension(format!("{}.tmp", std::process::id()));
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&unfinished)?;
        file.write_all(&key.0)?;
        file.sync_all()?;
        let linked = std::fs::hard_link(&unfinished, path);
        std::fs::remove_file(&unfinished)?;
        match linked {
            Ok(()) => Ok(key),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Self::read(File::open(path)?),
            Err(error) => Err(error),
        }
    }

    /// The seal of these bytes under this name: code for one component is no code for another.
    pub(super) fn seal(&self, name: &str, mut bytes: impl io::Read) -> io::Result<[u8; 32]> {
        let mut inner = Sha256::new()
            .chain_update(self.0.map(|byte| byte ^ 0x36))
            .chain_update((name.len() as u64).to_le_bytes())
            .chain_update(name);
        io::copy(&mut bytes, &mut inner)?;
        let outer = Sha256::new().chain_update(self.0.map(|byte| byte ^ 0x5c)).chain_update(inner.finalize());
        Ok(outer.finalize().into())
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn a_key_is_made_once_and_is_private() {
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("key");
        let seal = Key::open(&path).expect("a key").seal("name", &b"bytes"[..]).expect("bytes");
        assert_eq!(Key::open(&path).expect("the key").seal("name", &b"bytes"[..]).expect("bytes"), seal);
        assert_eq!(path.metadata().expect("a file").permissions().mode() & 0o777, 0o600);
        let other = Key::open(&dir.path().join("other")).expect("a key");
        assert_ne!(other.seal("name", &b"bytes"[..]).expect("bytes"), seal);
    }

    #[test]
    fn the_name_is_sealed_too() {
        let key = Key([7; BLOCK_BYTES]);
        let seal = |name, bytes: &[u8]| key.seal(name, bytes).expect("bytes");
        assert_ne!(seal("a", b"bc"), seal("ab", b"c"));
    }
}
