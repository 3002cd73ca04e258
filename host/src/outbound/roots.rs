//! Authorities that connections trust beside those of the system: a company's own, for one.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use tokio_rustls::rustls::RootCertStore;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;

/// The largest file: all public authorities together have a quarter of it.
const FILE_BYTES: u64 = 1 << 20;

/// A file with the certificates of authorities, in PEM. It is read when it is named, and not again.
#[derive(Debug, Clone)]
pub struct HttpRoots {
    path: PathBuf,
    certificates: Vec<CertificateDer<'static>>,
}

impl HttpRoots {
    pub(super) fn certificates(&self) -> &[CertificateDer<'static>] {
        &self.certificates
    }
}

impl FromStr for HttpRoots {
    type Err = String;

    /// Reads the file, each certificate of which must be one that can be trusted.
    fn from_str(path: &str) -> Result<Self, String> {
        let unusable = |reason: &dyn fmt::Display| {
            format!("`{path}` is no file with certificates of authorities in PEM: {reason}")
        };
        let file = std::fs::metadata(path).map_err(|error| unusable(&error))?;
        if !file.is_file() || file.len() > FILE_BYTES {
            return Err(unusable(&format_args!("a file of at most {FILE_BYTES} bytes is needed")));
        }
        let certificates: Vec<_> =
            CertificateDer::pem_file_iter(path).and_then(Iterator::collect).map_err(|error| unusable(&error))?;
        if certificates.is_empty() {
            return Err(unusable(&"there is none in it"));
        }
        let mut roots = RootCertStore::empty();
        for certificate in &certificates {
            roots.add(certificate.clone()).map_err(|error| unusable(&error))?;
        }
        Ok(Self { path: path.into(), certificates })
    }
}

impl fmt::Display for HttpRoots {
    /// The file's path, as the operator wrote it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.path.display().fmt(f)
    }
}

impl PartialEq for HttpRoots {
    fn eq(&self, other: &Self) -> bool {
        self.path == other.path
    }
}

impl Eq for HttpRoots {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_certificates_is_refused_in_words() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, text).expect("written");
            path.display().to_string()
        };
        let armoured = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        for (path, words) in [
            ("/nowhere/ca.pem".to_owned(), "No such file"),
            ("/dev/zero".to_owned(), "at most 1048576 bytes"),
            (file("empty.pem", ""), "there is none in it"),
            (file("garbage.pem", armoured), "in PEM: "),
        ] {
            let refused = path.parse::<HttpRoots>().expect_err(&path);
            assert!(refused.contains(words) && refused.contains(&path), "{refused}");
        }
    }
}
