//! The node's key: 32 random bytes in a file that only its owner may read. It seals the values of secrets.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::rand::{SecureRandom as _, SystemRandom};

const KEY_BYTES: usize = 32;

/// Why there is no key.
#[derive(Debug, Clone, thiserror::Error)]
pub enum KeyError {
    /// The file cannot be read or written.
    #[error("the key file {} (secrets.key_file) cannot be used: {reason}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// Others may read it.
    #[error("the key file {} (secrets.key_file) may be read by others (mode {mode:o}); `chmod 600` it", path.display())]
    Mode {
        /// The file.
        path: PathBuf,
        /// Its permissions.
        mode: u32,
    },
    /// It holds something else.
    #[error("the key file {} (secrets.key_file) holds no key: 32 bytes in Base64 are one, such as `openssl rand -base64 32` makes", path.display())]
    Content {
        /// The file.
        path: PathBuf,
    },
}

/// Seals and opens.
pub(super) struct Key(LessSafeKey);

impl Key {
    /// Reads the file; one that is not there yet is made.
    pub(super) fn of_file(path: &Path) -> Result<Self, KeyError> {
        let failed = |error: io::Error| KeyError::File { path: path.to_owned(), reason: error.to_string() };
        match File::open(path) {
            Ok(file) => Self::read(file, path),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                make(path).map_err(failed)?;
                Self::read(File::open(path).map_err(failed)?, path)
            }
            Err(error) => Err(failed(error)),
        }
    }

    /// Whether the file holds a key, if it is there.
    pub(super) fn check(path: &Path) -> Result<(), KeyError> {
        match File::open(path) {
            Ok(file) => Self::read(file, path).map(drop),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(KeyError::File { path: path.to_owned(), reason: error.to_string() }),
        }
    }

    fn read(file: File, path: &Path) -> Result<Self, KeyError> {
        let failed = |error: io::Error| KeyError::File { path: path.to_owned(), reason: error.to_string() };
        let mode = file.metadata().map_err(failed)?.mode() & 0o777;
        if mode & 0o077 != 0 {
            return Err(KeyError::Mode { path: path.to_owned(), mode });
        }
        let mut text = String::new();
        file.take(1024).read_to_string(&mut text).map_err(failed)?;
        let bytes = STANDARD.decode(text.trim()).ok().filter(|bytes| bytes.len() == KEY_BYTES);
        bytes.map(|bytes| Self::new(&bytes)).ok_or_else(|| KeyError::Content { path: path.to_owned() })
    }

    fn new(bytes: &[u8]) -> Self {
        Self(LessSafeKey::new(UnboundKey::new(&AES_256_GCM, bytes).expect("the key has its length")))
    }

    /// Seals a value so that it opens only together with the same `beside`.
    pub(super) fn seal(&self, value: &str, beside: &[u8]) -> Vec<u8> {
        let mut nonce = [0; NONCE_LEN];
        // A random nonce is safe for far more values than anybody stores: 2^32 under one key.
        SystemRandom::new().fill(&mut nonce).expect("the system has random bytes");
        let mut sealed = value.as_bytes().to_vec();
        self.0
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(beside), &mut sealed)
            .expect("a secret is short");
        [&nonce[..], &sealed].concat()
    }

    /// Opens what was sealed; `None` when it was sealed with another key, or is not what it was.
    pub(super) fn open(&self, sealed: &[u8], beside: &[u8]) -> Option<String> {
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE_LEN>()?;
        let mut value = sealed.to_vec();
        let length =
            self.0.open_in_place(Nonce::assume_unique_for_key(*nonce), Aad::from(beside), &mut value).ok()?.len();
        value.truncate(length);
        String::from_utf8(value).ok()
    }
}

/// Makes a key. When two do so at once, the first one's stays.
fn make(path: &Path) -> io::Result<()> {
    let mut bytes = [0; KEY_BYTES];
    SystemRandom::new().fill(&mut bytes).map_err(|_| io::Error::other("the system has no random bytes"))?;
    let beside = path.with_extension(format!("new-{}", std::process::id()));
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&beside)?;
    writeln!(file, "{}", STANDARD.encode(bytes))?;
    file.sync_all()?;
    let linked = std::fs::hard_link(&beside, path);
    std::fs::remove_file(&beside)?;
    match linked {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn a_key_is_made_once_and_opens_only_what_it_sealed() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("secrets.key");
        let key = Key::of_file(&path).expect("made");
        let sealed = key.seal("a value", b"name");
        assert_ne!(sealed, key.seal("a value", b"name"), "each time with another nonce");
        assert!(!sealed.windows(7).any(|bytes| bytes == b"a value"));
        let again = Key::of_file(&path).expect("read");
        assert_eq!(again.open(&sealed, b"name").as_deref(), Some("a value"));
        assert_eq!(again.open(&sealed, b"other"), None);
        assert_eq!(again.open(&sealed[..10], b"name"), None);
        let other = Key::of_file(&folder.path().join("other.key")).expect("made");
        assert_eq!(other.open(&sealed, b"name"), None);
        assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 2, "nothing else is left");
    }

    #[test]
    fn a_file_that_is_no_key_or_that_others_may_read_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("secrets.key");
        std::fs::write(&path, "short").expect("written");
        let mode = |mode| std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).expect("set");
        mode(0o640);
        assert!(matches!(Key::of_file(&path), Err(KeyError::Mode { mode: 0o640, .. })));
        mode(0o600);
        assert!(matches!(Key::of_file(&path), Err(KeyError::Content { .. })));
        assert!(matches!(Key::of_file(Path::new("/nowhere/at/all")), Err(KeyError::File { .. })));
    }
}
