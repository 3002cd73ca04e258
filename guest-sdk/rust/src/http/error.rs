//! Why a request has no answer.

use std::error::Error;
use std::fmt;

/// Why a request has no answer, or only part of one. What may pass by itself is worth a
/// [`Failure::retryable`](crate::Failure::retryable).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HttpError {
    /// The module was not granted this scheme, host, port and method; the job's log says which.
    Denied,
    /// The host has only addresses that the module was not granted, such as private ones.
    AddressNotAllowed,
    /// The job has sent as many requests or bytes as it may. Says which.
    LimitReached(String),
    /// The request cannot be sent as it is. Says why.
    Invalid(String),
    /// The server was not reached, or the connection broke. Says how.
    Connection(String),
    /// It took too long.
    Timeout,
    /// The request was ended because the job is to stop, or the other end went away.
    Terminated,
    /// The answer is not what HTTP allows, or something else went wrong. Says what.
    Other(String),
}

impl fmt::Display for HttpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Denied => {
                f.write_str("the module is not granted this request; the job's log says which host it lacks")
            }
            Self::AddressNotAllowed => f.write_str("the module is not granted the address of this host"),
            Self::LimitReached(limit) => write!(f, "a limit of the job is used up: {limit}"),
            Self::Invalid(reason) => write!(f, "the request cannot be sent: {reason}"),
            Self::Connection(reason) => write!(f, "the server was not reached: {reason}"),
            Self::Timeout => f.write_str("the server took too long"),
            Self::Terminated => f.write_str("the request was ended"),
            Self::Other(reason) => write!(f, "the exchange failed: {reason}"),
        }
    }
}

impl Error for HttpError {}
