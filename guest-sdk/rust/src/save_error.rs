//! Why a result or a checkpoint was not saved.

use std::error::Error;
use std::fmt;

use crate::bindings::cofferdam::module::types;

/// Why a result or a checkpoint was not saved. The job may go on without it, or fail with `?`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SaveError {
    /// The value does not become a JSON object. Says why.
    InvalidJson(String),
    /// The JSON text is larger than the host allows.
    TooLarge {
        /// The most that the host takes.
        limit_bytes: u64,
    },
    /// A limit of the job is used up. Says which.
    LimitReached(String),
}

impl fmt::Display for SaveError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidJson(reason) => write!(f, "not saved, because the value is not a JSON object: {reason}"),
            Self::TooLarge { limit_bytes } => {
                write!(f, "not saved, because the JSON text is larger than {limit_bytes} bytes")
            }
            Self::LimitReached(limit) => write!(f, "not saved, because a limit of the job is used up: {limit}"),
        }
    }
}

impl Error for SaveError {}

impl From<types::SaveError> for SaveError {
    fn from(error: types::SaveError) -> Self {
        match error {
            types::SaveError::InvalidJson(reason) => Self::InvalidJson(reason),
            types::SaveError::TooLarge(limit_bytes) => Self::TooLarge { limit_bytes },
            types::SaveError::LimitReached(limit) => Self::LimitReached(limit),
        }
    }
}
