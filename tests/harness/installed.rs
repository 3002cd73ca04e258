//! Programs of others that some tests need, and that `cargo xtask test` gets where it can.

use std::env::{split_paths, var_os};
use std::io::Write as _;
use std::path::PathBuf;

/// Where a program is: on `PATH`, or else in one of these folders. Says so when it is nowhere, also where the output of
/// tests that pass is kept back.
pub(crate) fn installed(name: &str, elsewhere: impl IntoIterator<Item = PathBuf>) -> Option<PathBuf> {
    let path = var_os("PATH");
    let mut folders = path.iter().flat_map(split_paths).chain(elsewhere);
    let program = folders.find_map(|folder| Some(folder.join(name)).filter(|program| program.is_file()));
    if program.is_none() {
        writeln!(std::io::stderr(), "not run: there is no `{name}`; `cargo xtask test` gets it where it can")
            .expect("standard error takes a line");
    }
    program
}
