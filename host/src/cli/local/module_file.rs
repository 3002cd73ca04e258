//! The file of a module.

use std::path::Path;

use bytes::Bytes;

use crate::cli::Failure;

/// Reads a module's file.
pub(in crate::cli) fn read_module(file: &Path) -> Result<Bytes, Failure> {
    let unreadable = |error| Failure::usage(format!("the module `{}` cannot be read: {error}", file.display()));
    std::fs::read(file).map(Bytes::from).map_err(unreadable)
}
