//! What a sandbox is built from, and why building one can fail.

use std::path::PathBuf;
use std::sync::Arc;

use super::Compiler;
use crate::domain::limits::GIB;
use crate::domain::{Ceiling, CompileLimits, JobLimits, Live, NodeLimits};
use crate::outbound::{HttpRoots, Resolver, SystemResolver};

/// How a sandbox is sized.
#[derive(Debug, Clone)]
pub struct SandboxConfig {
    /// Guests that run at once. Everything in the pool grows with it.
    pub slots: u32,
    /// What one guest may use. Memory is reserved for it at the start, so that it may only become less.
    pub limits: Live<JobLimits>,
    /// What all guests together may use, and what `describe` may.
    pub node: NodeLimits,
    /// What modules may be granted.
    pub ceiling: Live<Ceiling>,
    /// Whom their connections over TLS trust beside the system's authorities.
    pub http_roots: Vec<HttpRoots>,
    /// Who looks up the names of the hosts that they call.
    pub resolver: Arc<dyn Resolver>,
    /// Where compiled code is kept. `None` keeps it in memory alone.
    pub cache_dir: Option<PathBuf>,
    /// The most that compiled code may take on disk; the files unused for longest go first. A JavaScript or Python
    /// module takes about 37 MB, a Rust one 0.4 MB.
    pub cache_bytes: u64,
    /// Where components are compiled.
    pub compiler: Compiler,
    /// Within which limits.
    pub compile: CompileLimits,
}

impl SandboxConfig {
    /// [`cache_bytes`](Self::cache_bytes) unless somebody says otherwise: a hundred large modules.
    pub const CACHE_BYTES: u64 = 4 * GIB;

    /// The default limits, and nothing kept on disk.
    pub fn new(compiler: Compiler) -> Self {
        let node = NodeLimits::default();
        Self {
            slots: node.slots,
            limits: Live::default(),
            node,
            ceiling: Live::default(),
            http_roots: Vec::new(),
            resolver: Arc::new(SystemResolver),
            cache_dir: None,
            cache_bytes: Self::CACHE_BYTES,
            compiler,
            compile: CompileLimits::default(),
        }
    }
}

/// Why no sandbox could be built.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// The kernel allows fewer memory mappings than the slots need.
    #[error(
        "{slots} slots need {needed} memory mappings, but this kernel allows a process {allowed}; \
         use at most {slots_possible} slots, or raise the sysctl `vm.max_map_count` to {needed}"
    )]
    MapCount {
        /// Slots asked for.
        slots: u32,
        /// Mappings that they need.
        needed: u64,
        /// Mappings that the kernel allows.
        allowed: u64,
        /// Slots for which that is enough.
        slots_possible: u64,
    },
    /// wasmtime refused the configuration or could not reserve what it needs.
    #[error("the wasm engine could not be started: {0}")]
    Engine(String),
    /// The program that compiles is not there.
    #[error(
        "the compiler `{}` is no program that can be started; name one of this version, or choose `Compiler::InProcess`",
        program.display()
    )]
    NoWorker {
        /// The program.
        program: PathBuf,
    },
    /// A thread of the sandbox could not be started.
    #[error("the {which} could not be started: {source}")]
    Thread {
        /// Which thread or runtime.
        which: &'static str,
        /// Why.
        source: std::io::Error,
    },
    /// The directory for compiled code cannot be used.
    #[error("the directory for compiled code, {}, cannot be used: {source}", path.display())]
    Cache {
        /// The directory.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}
