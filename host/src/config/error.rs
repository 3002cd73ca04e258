//! Why settings are refused. Each message names the key, where it was written and what would be right.

use std::fmt;
use std::path::PathBuf;

/// The settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file is not there or cannot be read.
    #[error("the settings file {} cannot be read: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file is not TOML.
    #[error("the settings file {} is not valid TOML: {reason}", path.display())]
    Syntax {
        /// The file.
        path: PathBuf,
        /// What is wrong and in which line.
        reason: String,
    },
    /// `--set` without a key or a value.
    #[error("`--set {0}` is not KEY=VALUE, such as `--set job.memory='512 MiB'`")]
    NotAnAssignment(String),
    /// Some keys are unknown, or some values do not fit.
    #[error("{}", Lines(.0))]
    Problems(Vec<String>),
}

/// One problem stands for itself; several get a line each.
struct Lines<'p>(&'p [String]);

impl fmt::Display for Lines<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            [one] => f.write_str(one),
            all => {
                write!(f, "{} settings are wrong:", all.len())?;
                all.iter().try_for_each(|problem| write!(f, "\n  - {problem}"))
            }
        }
    }
}
