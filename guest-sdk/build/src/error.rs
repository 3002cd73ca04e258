//! Why a module was not begun or not built.

use std::path::{Path, PathBuf};

/// Why a module was not begun or not built.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// A file or folder could not be read or written.
    #[error("cannot {action} {}: {source}", path.display())]
    File {
        /// What was to be done with it.
        action: &'static str,
        /// Which.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// A program could not be started or did not succeed.
    #[error("{0}")]
    Program(String),
    /// A tool is missing and could not be installed, or is too old.
    #[error("{what}; {by_hand}")]
    Tool {
        /// What is missing.
        what: String,
        /// What a person can do about it.
        by_hand: String,
    },
    /// The sources or the project's files are not as they have to be.
    #[error("{0}")]
    Project(String),
}

impl BuildError {
    /// For `map_err` on an operation with a file.
    pub(crate) fn file(action: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::File { action, path, source }
    }

    /// The same error as a tool's, with what a person can do about it.
    pub(crate) fn or_by_hand(self, by_hand: impl Into<String>) -> Self {
        Self::Tool { what: self.to_string(), by_hand: by_hand.into() }
    }
}
