//! What goes wrong on the way, as `wasi:http` names it.

use std::error::Error as StdError;
use std::io;

use tokio_rustls::rustls;
use wasmtime_wasi_http::Error;

use crate::domain::grants::Target;
use crate::outbound::ConnectError;

/// Why a request was not sent.
pub(super) struct Refused {
    /// What the guest gets.
    pub(super) error: Error,
    /// What the job's log says, where the guest's error does not say enough.
    pub(super) line: Option<String>,
}

impl Refused {
    pub(super) fn saying(error: Error, line: impl Into<String>) -> Self {
        Self { error, line: Some(line.into()) }
    }
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Self { error, line: None }
    }
}

/// What a guest gets when there is no connection.
pub(super) fn connection(error: &ConnectError, target: &Target) -> Refused {
    match error {
        ConnectError::NoAddress => Error::DestinationNotFound.into(),
        ConnectError::Unreached(error) => no_connection(error).into(),
        ConnectError::Name => Error::HttpRequestUriInvalid.into(),
        ConnectError::Tls(error) => tls(error, target),
    }
}

/// Nobody took the connection.
fn no_connection(error: &io::Error) -> Error {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => Error::ConnectionRefused,
        io::ErrorKind::TimedOut => Error::ConnectionTimeout,
        _ => Error::DestinationUnavailable,
    }
}

/// The other end is not who it should be, or does not speak TLS.
fn tls(error: &io::Error, target: &Target) -> Refused {
    match error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
        Some(rustls::Error::InvalidCertificate(fault)) => {
            let line = format!("module cannot reach {target}: its certificate is not trusted: {}", untrusted(fault));
            Refused::saying(Error::TlsCertificateError, line)
        }
        Some(_) => Error::TlsProtocolError.into(),
        None => Error::ConnectionTerminated.into(),
    }
}

/// What is wrong with a certificate, and who can do something about it.
fn untrusted(fault: &rustls::CertificateError) -> String {
    match fault {
        rustls::CertificateError::UnknownIssuer => {
            "no authority that this host knows has signed it (setting grants.http_roots)".to_owned()
        }
        other => other.to_string(),
    }
}

/// What hyper says of an exchange.
pub(super) fn exchange(error: &hyper::Error) -> Error {
    if let Some(own) = of_body(error) {
        return own;
    }
    if error.is_parse_too_large() {
        Error::HttpResponseHeaderSectionSize(None)
    } else if error.is_incomplete_message() {
        Error::HttpResponseIncomplete
    } else if error.is_timeout() {
        Error::HttpResponseTimeout
    } else if error.is_closed() || error.is_canceled() {
        Error::ConnectionTerminated
    } else {
        Error::HttpProtocolError
    }
}

/// The error of the request's own body, which hyper hands through.
fn of_body(error: &hyper::Error) -> Option<Error> {
    let own = error.source()?.downcast_ref::<Error>()?;
    Some(match own {
        Error::HttpRequestBodySize(size) => Error::HttpRequestBodySize(*size),
        Error::HttpResponseTimeout => Error::HttpResponseTimeout,
        _ => Error::ConnectionTerminated,
    })
}
