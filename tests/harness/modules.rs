//! What `cargo xtask test` has built: the host's binary and the guests.

use std::path::PathBuf;

/// A guest with which the tests work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Guest {
    /// Greets.
    Hello,
    /// Long, CPU-bound, resumable.
    PrimeCount,
    /// Results of a table's columns.
    CsvProfile,
    /// Does what its input `behaviour` says.
    Hostile,
    /// Made by another toolchain, from the WIT alone.
    Javascript,
}

/// The lines of the list of what could not be built on this machine, each `NAME: REASON`.
pub(crate) fn not_built() -> String {
    std::fs::read_to_string(from_xtask("COFFERDAM_MODULES").join("not-built.txt")).unwrap_or_default()
}

impl Guest {
    /// The file's name without its ending.
    const fn file(self) -> &'static str {
        match self {
            Self::Hello => "hello",
            Self::PrimeCount => "prime-count",
            Self::CsvProfile => "csv-profile",
            Self::Hostile => "hostile",
            Self::Javascript => "javascript",
        }
    }

    /// Where the component lies.
    pub(crate) fn path(self) -> PathBuf {
        from_xtask("COFFERDAM_MODULES").join(self.file()).with_extension("wasm")
    }

    /// The component.
    pub(crate) fn bytes(self) -> Vec<u8> {
        let path = self.path();
        std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}; `cargo xtask test` makes it", path.display()))
    }
}

/// The built host.
pub(crate) fn binary() -> PathBuf {
    from_xtask("COFFERDAM_BIN")
}

fn from_xtask(variable: &str) -> PathBuf {
    let Some(path) = std::env::var_os(variable) else {
        panic!("{variable} is not set: run these tests by `cargo xtask test`, which builds what they need");
    };
    path.into()
}
