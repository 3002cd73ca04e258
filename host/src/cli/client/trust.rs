//! Whose certificates this program believes: the system's roots, or those of one file instead.

use std::path::Path;
use std::sync::Arc;

use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};

use crate::cli::Failure;

/// The roots for a server that is reached by TLS.
pub(super) fn roots(ca_file: Option<&Path>) -> Result<TlsConfig, Failure> {
    let roots = match ca_file {
        Some(file) => of_file(file)?,
        None => rustls_native_certs::load_native_certs()
            .certs
            .iter()
            .map(|root| Certificate::from_der(root).to_owned())
            .collect(),
    };
    if roots.is_empty() {
        return Err(Failure::failed("this system has no certificates that it trusts")
            .next("name a file with the server's root in --ca-file or COFFERDAM_CA_FILE"));
    }
    Ok(TlsConfig::builder().root_certs(RootCerts::Specific(Arc::new(roots))).build())
}

fn of_file(file: &Path) -> Result<Vec<Certificate<'static>>, Failure> {
    let unusable = |reason: String| {
        Failure::usage(format!("no certificates can be read from {}: {reason}", file.display()))
            .next("name a file with PEM certificates in --ca-file or COFFERDAM_CA_FILE")
    };
    let text = std::fs::read(file).map_err(|error| unusable(error.to_string()))?;
    let items = parse_pem(&text).collect::<Result<Vec<_>, _>>().map_err(|error| unusable(error.to_string()))?;
    let roots: Vec<_> = items
        .into_iter()
        .filter_map(|item| match item {
            PemItem::Certificate(root) => Some(root),
            _ => None,
        })
        .collect();
    if roots.is_empty() { Err(unusable("there are none in it".to_owned())) } else { Ok(roots) }
}
