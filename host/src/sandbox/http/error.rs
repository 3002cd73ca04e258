//! What goes wrong on the way, as `wasi:http` names it.

use std::error::Error as StdError;
use std::io;

use tokio_rustls::rustls;
use wasmtime_wasi_http::Error;

/// Nobody took the connection.
pub(super) fn no_connection(error: &io::Error) -> Error {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => Error::ConnectionRefused,
        io::ErrorKind::TimedOut => Error::ConnectionTimeout,
        _ => Error::DestinationUnavailable,
    }
}

/// The other end is not who it should be, or does not speak TLS.
pub(super) fn tls(error: &io::Error) -> Error {
    match error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
        Some(rustls::Error::InvalidCertificate(_)) => Error::TlsCertificateError,
        Some(_) => Error::TlsProtocolError,
        None => Error::ConnectionTerminated,
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
