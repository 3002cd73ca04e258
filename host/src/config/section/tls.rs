//! The table `[tls]`: how connections from other machines are kept private.

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::config::problems::Problems;
use crate::config::value::{Span, Written, none_or, read};

/// Encryption of connections.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TlsSection {
    /// The file (PEM) with the server's certificate and those that lead from it to a root; `none` for plain HTTP. It is
    /// read anew when it changes, and on SIGHUP.
    #[serde(with = "none_or")]
    pub cert: Option<FilePath>,
    /// The file (PEM) with the private key of the certificate.
    #[serde(with = "none_or")]
    pub key: Option<FilePath>,
    /// How long a client may take for its handshake: as long as for a header block.
    pub handshake_time: Span,
    /// Whether something in front of this host does TLS, so that it may listen beyond loopback without. Off unless said:
    /// tokens would cross the network in clear.
    pub in_front: bool,
}

/// A file's path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilePath(pub PathBuf);

impl Default for TlsSection {
    fn default() -> Self {
        Self { cert: None, key: None, handshake_time: Span(std::time::Duration::from_secs(10)), in_front: false }
    }
}

impl TlsSection {
    /// Whether everybody on the way could read what comes to an address.
    pub fn leaves_open(&self, address: SocketAddr) -> bool {
        !address.ip().to_canonical().is_loopback() && self.is_off()
    }

    /// Whether nothing encrypts what comes over the network.
    const fn is_off(&self) -> bool {
        self.cert.is_none() && !self.in_front
    }

    /// The files of certificate and key.
    pub fn files(&self) -> Option<(PathBuf, PathBuf)> {
        Some((self.cert.as_ref()?.0.clone(), self.key.as_ref()?.0.clone()))
    }

    pub(in crate::config) fn check(&self, problems: &mut Problems) {
        let span = |text| Span(humantime::parse_duration(text).expect("written here"));
        let times = span("100ms")..=span("1m");
        problems.range("tls.handshake_time", &self.handshake_time, &times, "a handshake takes two round trips");
        match (&self.cert, &self.key) {
            (Some(_), None) => problems.add("tls.key", "is missing: a certificate needs its private key".to_owned()),
            (None, Some(_)) => problems.add("tls.cert", "is missing: a private key needs its certificate".to_owned()),
            (None, None) | (Some(_), Some(_)) => {}
        }
    }
}

impl Written for FilePath {
    const WHAT: &'static str = "the path of a file";

    fn read(text: &str) -> Result<Self, String> {
        if text.is_empty() { Err("the path of a file is needed".to_owned()) } else { Ok(Self(text.into())) }
    }
}

impl fmt::Display for FilePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.display().fmt(f)
    }
}

impl<'de> Deserialize<'de> for FilePath {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read(deserializer)
    }
}

impl Serialize for FilePath {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
