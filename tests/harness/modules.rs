//! What `cargo xtask test` has built: the host's binary and the guests.

use std::io::ErrorKind;
use std::path::PathBuf;

/// Beside the modules: a line `NAME: REASON` for each module that could not be built, or for its whole language.
const NOT_BUILT: &str = "not-built.txt";

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
    /// Reports on a web server's log, in Python.
    LogReport,
    /// Reports on the links of documents, in TypeScript.
    LinkReport,
    /// Aggregates JSON lines, in Go.
    JsonlAggregate,
    /// Sums texts, in C.
    Checksums,
    /// Calls servers with the Rust SDK.
    HttpRust,
    /// Reaches for what nobody granted, or calls servers, in Python.
    ReachingPython,
    /// The same in C.
    ReachingC,
    /// Calls servers with the JavaScript SDK.
    ReachingJavascript,
    /// The same with Go's.
    ReachingGo,
    /// Calls servers with the `fetch` of another engine for JavaScript.
    Starlingmonkey,
    /// Does what its input `behaviour` says, the same in every language.
    Conformance(Language),
}

/// A language that has an SDK.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Language {
    Rust,
    Python,
    Javascript,
    Go,
    C,
}

impl Guest {
    /// The file's name without its ending.
    const fn file(self) -> &'static str {
        match self {
            Self::Hello => "hello",
            Self::PrimeCount => "prime-count",
            Self::CsvProfile => "csv-profile",
            Self::Hostile => "hostile",
            Self::HttpRust => "http-rust",
            Self::ReachingPython => "reaching-python",
            Self::ReachingC => "reaching-c",
            Self::ReachingJavascript => "reaching-javascript",
            Self::ReachingGo => "reaching-go",
            Self::Starlingmonkey => "starlingmonkey",
            Self::Javascript => "javascript",
            Self::LogReport => "log-report",
            Self::LinkReport => "link-report",
            Self::JsonlAggregate => "jsonl-aggregate",
            Self::Checksums => "checksums",
            Self::Conformance(Language::Rust) => "conformance-rust",
            Self::Conformance(Language::Python) => "conformance-python",
            Self::Conformance(Language::Javascript) => "conformance-javascript",
            Self::Conformance(Language::Go) => "conformance-go",
            Self::Conformance(Language::C) => "conformance-c",
        }
    }

    /// The name of its module.
    pub(crate) const fn name(self) -> &'static str {
        self.file()
    }

    /// Where the component lies.
    pub(crate) fn path(self) -> PathBuf {
        from_xtask("COFFERDAM_MODULES").join(self.file()).with_extension("wasm")
    }

    /// Why there is no such component: what it takes to build it could not be had on this machine.
    pub(crate) fn why_not_built(self) -> Option<String> {
        reason_in(&not_built(), &[self.file()])
    }

    /// The component.
    pub(crate) fn bytes(self) -> Vec<u8> {
        let path = self.path();
        std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}; `cargo xtask test` makes it", path.display()))
    }
}

impl Language {
    /// As in the names of modules and files.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Rust => "rust",
            Self::Python => "python",
            Self::Javascript => "javascript",
            Self::Go => "go",
            Self::C => "c",
        }
    }

    /// Why there is no conformance module in this language: what it takes to build it could not be had on this machine.
    pub(crate) fn why_not_built(self) -> Option<String> {
        reason_in(&not_built(), &[self.name(), Guest::Conformance(self).file()])
    }
}

fn not_built() -> String {
    let path = from_xtask("COFFERDAM_MODULES").join(NOT_BUILT);
    match std::fs::read_to_string(&path) {
        Ok(lines) => lines,
        Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
        Err(error) => panic!("{}: {error}", path.display()),
    }
}

/// What stands on one of the lines behind one of these names.
fn reason_in(lines: &str, names: &[&str]) -> Option<String> {
    let mut entries = lines.lines().filter_map(|line| line.split_once(": "));
    entries.find(|(name, _)| names.contains(name)).map(|(_, reason)| reason.to_owned())
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

#[test]
fn what_was_not_built_is_known_by_its_line() {
    let lines = "csv: no\nconformance-go: there is no Go 1.25: not on PATH\nc: no compiler\n";
    assert_eq!(reason_in(lines, &["go", "conformance-go"]).as_deref(), Some("there is no Go 1.25: not on PATH"));
    assert_eq!(reason_in(lines, &["c", "conformance-c"]).as_deref(), Some("no compiler"));
    assert_eq!(reason_in(lines, &["rust"]), None);
}
