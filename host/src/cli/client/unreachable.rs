//! Why no answer came, in one sentence with what to do next.

use std::io::ErrorKind;

use ureq::Error;

use crate::cli::Failure;

/// The server at `base` was not reached.
pub(super) fn unreachable(base: &str, error: &Error) -> Failure {
    let failure = match error {
        Error::Io(io) => of_io(base, io.kind()),
        Error::HostNotFound => Failure::failed(format!("there is no machine with the name in {base}"))
            .next("check --server or COFFERDAM_SERVER"),
        Error::Timeout(_) => Failure::failed(format!("the server at {base} did not answer in time"))
            .next("check its log and its load; whether the request took effect is unknown"),
        Error::ConnectionFailed => no_server(base, "connection failed"),
        Error::Tls(_) | Error::Rustls(_) | Error::Pem(_) | Error::TlsRequired => {
            Failure::failed(format!("no secure connection to {base} was possible: {error}"))
                .next("check its certificate, or whether the address should begin with http://")
        }
        Error::Protocol(_) | Error::LargeResponseHeader(..) => {
            Failure::failed(format!("what answers at {base} does not speak HTTP as expected: {error}"))
                .next("check --server or COFFERDAM_SERVER")
        }
        other => Failure::failed(format!("the request to {base} failed: {other}")),
    };
    failure.detail(format!("{error:?}"))
}

fn of_io(base: &str, kind: ErrorKind) -> Failure {
    match kind {
        ErrorKind::ConnectionRefused => no_server(base, "connection refused"),
        ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable => no_server(base, "no route to it"),
        ErrorKind::ConnectionReset
        | ErrorKind::ConnectionAborted
        | ErrorKind::BrokenPipe
        | ErrorKind::UnexpectedEof => {
            Failure::failed(format!("the server at {base} closed the connection before it answered"))
                .next("whether the request took effect is unknown; `cofferdam status` shows whether it is up")
        }
        other => Failure::failed(format!("the connection to {base} failed: {other}")),
    }
}

fn no_server(base: &str, reason: &str) -> Failure {
    Failure::failed(format!("no server answers at {base} ({reason})"))
        .next("start one with `cofferdam serve`, or name another with --server or COFFERDAM_SERVER")
}
