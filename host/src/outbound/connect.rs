//! A connection to an address that was checked, in clear or over TLS.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::OnceCell;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use super::roots::HttpRoots;
use crate::blocking::on_own_thread;
use crate::domain::grants::{Host, Scheme, Target};

/// What bytes travel over.
pub(crate) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// Why there is no connection.
#[derive(Debug)]
pub(crate) enum ConnectError {
    /// There was no address to connect to.
    NoAddress,
    /// Nobody took the connection.
    Unreached(io::Error),
    /// The name cannot stand in a certificate.
    Name,
    /// The other end is not who it should be, or does not speak TLS.
    Tls(io::Error),
}

impl fmt::Display for ConnectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoAddress | Self::Name => f.write_str("it cannot be reached"),
            Self::Unreached(error) => write!(f, "it cannot be reached: {error}"),
            Self::Tls(error) => write!(f, "it is not trusted: {error}"),
        }
    }
}

/// Connects, trusting the same authorities each time.
pub(crate) struct Connector {
    /// Whom it trusts beside the system's authorities.
    roots: Vec<HttpRoots>,
    /// Made at the first connection that needs it: it reads the system's certificates.
    tls: OnceCell<Arc<ClientConfig>>,
}

impl Connector {
    pub(crate) fn trusting(roots: Vec<HttpRoots>) -> Self {
        Self { roots, tls: OnceCell::new() }
    }

    /// Connects to the first of these addresses that takes it. The name is not looked up again.
    pub(crate) async fn connect(
        &self,
        target: &Target,
        addresses: &[SocketAddr],
    ) -> Result<Box<dyn Stream>, ConnectError> {
        let mut failed = ConnectError::NoAddress;
        for address in addresses {
            match TcpStream::connect(address).await {
                Ok(stream) => {
                    let _ = stream.set_nodelay(true);
                    return match target.scheme {
                        Scheme::Http => Ok(Box::new(stream)),
                        Scheme::Https => self.over_tls(target, stream).await,
                    };
                }
                Err(error) => failed = ConnectError::Unreached(error),
            }
        }
        Err(failed)
    }

    async fn over_tls(&self, target: &Target, stream: TcpStream) -> Result<Box<dyn Stream>, ConnectError> {
        let config = self.tls.get_or_try_init(|| tls_config(&self.roots)).await.map_err(ConnectError::Tls)?;
        let name = match &target.host {
            Host::Address(address) => ServerName::from(*address),
            Host::Name(name) => ServerName::try_from(name.clone()).map_err(|_| ConnectError::Name)?,
        };
        let connected = TlsConnector::from(Arc::clone(config)).connect(name, stream).await;
        Ok(Box::new(connected.map_err(ConnectError::Tls)?))
    }
}

/// TLS 1.2 and 1.3, with the certificates that this system trusts, and the operator's own.
async fn tls_config(own: &[HttpRoots]) -> io::Result<Arc<ClientConfig>> {
    let loaded = on_own_thread("certificates", rustls_native_certs::load_native_certs).await;
    let loaded = loaded.ok_or_else(|| io::Error::other("the system's certificates could not be read"))?;
    let mut roots = RootCertStore::empty();
    let (added, _) = roots.add_parsable_certificates(loaded.certs);
    roots.add_parsable_certificates(own.iter().flat_map(HttpRoots::certificates).cloned());
    if added == 0 && own.is_empty() {
        tracing::warn!(errors = ?loaded.errors, "this system trusts no certificate: nothing outside is reached over TLS");
    }
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(io::Error::other)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::new(config))
}
