//! The table `[sandbox]`: where compiled code is kept, and what compiling may take.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::config::problems::Problems;
use crate::config::value::{Size, Span, Written, auto_or};
use crate::domain::CompileLimits;
use crate::domain::limits::{GIB, MIB};
use crate::sandbox::SandboxConfig;

/// Where compiled code is kept, and what compiling may take; see [`CompileLimits`] for the reasons behind the defaults.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SandboxSection {
    /// The folder for compiled code, which can be deleted at any time; `auto` is `compiled` in the data folder.
    #[serde(with = "auto_or")]
    pub cache_dir: Option<Folder>,
    /// The most that compiled code may take on disk; what was unused for longest goes first.
    pub cache: Size,
    /// How long compiling one component may take of a processor.
    pub compile_cpu: Span,
    /// How much memory compiling one component may take.
    pub compile_memory: Size,
    /// How long compiling one component may take altogether.
    pub compile_time: Span,
    /// Components that are compiled at once; `auto` takes one for each core.
    #[serde(with = "auto_or")]
    pub compile_at_once: Option<u32>,
}

/// A folder's path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folder(pub PathBuf);

impl Default for SandboxSection {
    fn default() -> Self {
        let compile = CompileLimits::default();
        Self {
            cache_dir: None,
            cache: Size(SandboxConfig::CACHE_BYTES),
            compile_cpu: Span(compile.cpu_time),
            compile_memory: Size(compile.memory_bytes),
            compile_time: Span(compile.time),
            compile_at_once: compile.at_once,
        }
    }
}

impl SandboxSection {
    /// The folder for compiled code.
    pub fn cache_dir(&self, data_dir: &Path) -> PathBuf {
        self.cache_dir.as_ref().map_or_else(|| data_dir.join("compiled"), |folder| folder.0.clone())
    }

    /// What compiling may take, as the program's own type.
    pub fn compile_limits(&self) -> CompileLimits {
        CompileLimits {
            cpu_time: self.compile_cpu.0,
            memory_bytes: self.compile_memory.0,
            time: self.compile_time.0,
            at_once: self.compile_at_once,
            ..CompileLimits::default()
        }
    }

    pub(in crate::config) fn check(&self, problems: &mut Problems) {
        let range = &(Size(64 * MIB)..=Size(1024 * GIB));
        problems.range("sandbox.cache", &self.cache, range, "one Python module compiles to some 37 MB");
        let range = &(Size(256 * MIB)..=Size(64 * GIB));
        problems.range("sandbox.compile_memory", &self.compile_memory, range, "less compiles no module of any size");
        let span = |text| Span(humantime::parse_duration(text).expect("written here"));
        let range = &(span("1s")..=span("10m"));
        problems.range("sandbox.compile_cpu", &self.compile_cpu, range, "an upload waits for it");
        let range = &(span("1s")..=span("30m"));
        problems.range("sandbox.compile_time", &self.compile_time, range, "an upload waits for it");
        if let Some(number) = self.compile_at_once {
            problems.range("sandbox.compile_at_once", &number, &(1..=1024), "each takes a processor and its memory");
        }
    }
}

impl Written for Folder {
    const WHAT: &'static str = "a folder";

    fn read(text: &str) -> Result<Self, String> {
        if text.is_empty() {
            Err("an empty text is no folder; write its path".to_owned())
        } else {
            Ok(Self(text.into()))
        }
    }
}

impl std::fmt::Display for Folder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.display().fmt(f)
    }
}
