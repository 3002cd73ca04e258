//! TLS: certificate and key from files, read anew when they change.
//!
//! A pair that cannot be used never replaces one that can.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, SystemTime};

use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{self, ServerConfig};

/// How often the files are looked at.
const LOOK: Duration = Duration::from_secs(2);

/// Why a certificate cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// The certificates cannot be read.
    #[error("the certificates in {} cannot be read: {reason}", path.display())]
    Certificates {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// The key cannot be read.
    #[error("the private key in {} cannot be read: {reason}", path.display())]
    Key {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// They do not belong together, or cannot be used.
    #[error("the certificates in {} cannot be used with the key in {}: {reason}", cert.display(), key.display())]
    Pair {
        /// The file with the certificates.
        cert: PathBuf,
        /// The file with the key.
        key: PathBuf,
        /// Why.
        reason: rustls::Error,
    },
}

/// A certificate and its key, kept fresh. Cheap to clone; all clones are the same.
#[derive(Clone)]
pub struct Tls {
    inner: Arc<Inner>,
}

struct Inner {
    cert: PathBuf,
    key: PathBuf,
    config: RwLock<Arc<ServerConfig>>,
    stamp: Mutex<Stamp>,
    /// How long a handshake may take.
    pub(super) handshake_time: Duration,
}

/// What tells a file from the one before it: when it was written, and how long it is.
type Stamp = [Option<(SystemTime, u64)>; 2];

impl Tls {
    /// Reads both files (PEM): the server's certificate with those that lead to a root, and its key.
    pub fn open(cert: PathBuf, key: PathBuf, handshake_time: Duration) -> Result<Self, TlsError> {
        let stamp = stamp(&cert, &key);
        let config = read(&cert, &key)?;
        let inner =
            Inner { cert, key, config: RwLock::new(Arc::new(config)), stamp: Mutex::new(stamp), handshake_time };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Reads both files anew. New connections get what was read; if it cannot be used, what was used before.
    pub fn reload(&self) {
        let inner = &self.inner;
        *inner.stamp.lock().unwrap_or_else(PoisonError::into_inner) = stamp(&inner.cert, &inner.key);
        match read(&inner.cert, &inner.key) {
            Ok(config) => {
                *inner.config.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(config);
                tracing::info!("the certificate was read anew");
            }
            Err(error) => tracing::error!(%error, "the new certificate cannot be used; the former one stays in use"),
        }
    }

    /// Reads the files anew whenever they have changed; never returns.
    pub async fn watch(&self) {
        loop {
            tokio::time::sleep(LOOK).await;
            let now = stamp(&self.inner.cert, &self.inner.key);
            let changed = *self.inner.stamp.lock().unwrap_or_else(PoisonError::into_inner) != now;
            if changed {
                self.reload();
            }
        }
    }

    /// What the next connection is answered with.
    pub(super) fn acceptor(&self) -> TlsAcceptor {
        Arc::clone(&self.inner.config.read().unwrap_or_else(PoisonError::into_inner)).into()
    }

    pub(super) fn handshake_time(&self) -> Duration {
        self.inner.handshake_time
    }
}

fn stamp(cert: &PathBuf, key: &PathBuf) -> Stamp {
    [cert, key].map(|path| {
        let file = std::fs::metadata(path).ok()?;
        Some((file.modified().ok()?, file.len()))
    })
}

fn read(cert: &PathBuf, key: &PathBuf) -> Result<ServerConfig, TlsError> {
    let unreadable = |reason: String| TlsError::Certificates { path: cert.clone(), reason };
    let certificates: Vec<_> = CertificateDer::pem_file_iter(cert)
        .and_then(Iterator::collect)
        .map_err(|error| unreadable(error.to_string()))?;
    if certificates.is_empty() {
        return Err(unreadable("there is none in it; PEM is needed".to_owned()));
    }
    let private = PrivateKeyDer::from_pem_file(key)
        .map_err(|error| TlsError::Key { path: key.clone(), reason: error.to_string() })?;
    let pair = |reason| TlsError::Pair { cert: cert.clone(), key: key.clone(), reason };
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .and_then(|config| config.with_no_client_auth().with_single_cert(certificates, private))
        .map_err(pair)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}
