//! Everything that can be wrong with an upload, each with a sentence of its own.

use std::time::Duration;

use crate::domain::InvalidModuleInfo;
use crate::domain::limits::MIB;

/// Why a component was not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AdmissionError {
    /// No bytes at all.
    #[error("the file is empty; a WebAssembly component is needed")]
    Empty,
    /// Something else; names what it looks like.
    #[error("the file is not WebAssembly: it looks like {0}; a WebAssembly component is needed")]
    NotWasm(&'static str),
    /// Machine code that some wasmtime compiled.
    #[error(
        "the file is machine code compiled ahead of time (`.cwasm`), which a host never takes from outside; upload the WebAssembly component that it was compiled from"
    )]
    Precompiled,
    /// A core module.
    #[error(
        "the file is a core WebAssembly module, not a component; build for the target wasm32-wasip2, or make a component of it with `wasm-tools component new`"
    )]
    CoreModule,
    /// A binary format that nobody knows yet, or that nobody uses any more.
    #[error("the file is WebAssembly of the unknown binary version {0:#010x}; components have version 0x0001000d")]
    UnknownVersion(u32),
    /// It ends in the middle.
    #[error("the file ends too early, at byte {0}: the component was cut off")]
    Truncated(usize),
    /// It breaks the rules of the format.
    #[error("the file is no valid component: {reason} (at byte {at})")]
    Malformed {
        /// What is wrong.
        reason: String,
        /// Where.
        at: usize,
    },
    /// Built for the asynchronous component model.
    #[error(
        "the component uses the component model's async functions, which this host does not run; build it without them (for JavaScript: componentize-qjs with `--sync`)"
    )]
    ComponentModelAsync,
    /// Built with wasm features that this host leaves out.
    #[error("the component needs what this host does not run: {}; build it without", .0.join(", "))]
    FeaturesOff(Vec<&'static str>),
    /// More or larger parts than a guest may have.
    #[error("the component has {found} {what}; {limit} are the most")]
    OverLimit {
        /// Of what.
        what: &'static str,
        /// How many it has.
        found: u64,
        /// How many it may have.
        limit: u64,
    },
    /// Imports that the host does not have; all of them.
    #[error("the component imports what this host does not offer: {}; offered are cofferdam:module/job-context@0.1 and WASI 0.2", .0.join(", "))]
    Imports(Vec<String>),
    /// An import that the host has with another type.
    #[error("the component imports a function with another type than this host's: {0}")]
    ImportType(String),
    /// No interface `runner`.
    #[error("the component does not export the interface cofferdam:module/runner@0.1.0; {0}")]
    NoRunner(String),
    /// Another version of the interface.
    #[error("the component exports {0}; this host runs cofferdam:module/runner@0.1")]
    RunnerVersion(String),
    /// The interface lacks functions.
    #[error("the component's interface cofferdam:module/runner lacks {}; it needs `describe` and `run`", .0.join(" and "))]
    RunnerLacks(Vec<&'static str>),
    /// A function of the interface has another type.
    #[error(
        "the component's `{function}` of cofferdam:module/runner is a {found}; cofferdam:module@0.1.0 has a {expected}"
    )]
    ExportType {
        /// Which function.
        function: &'static str,
        /// Its type, in WIT.
        found: String,
        /// The contract's type.
        expected: &'static str,
    },
    /// The exports cannot be used for another reason.
    #[error("the component's interface cofferdam:module/runner cannot be used: {0}")]
    Exports(String),
    /// wasmtime does not compile it, although it is valid.
    #[error("the component cannot be compiled: {0}")]
    Compiler(String),
    /// Compiling takes more time on a processor than it may.
    #[error("compiling the component takes more than {} s of processor time, the most that this host spends on one", .0.as_secs_f64())]
    CompileCpu(Duration),
    /// Compiling takes more memory than it may.
    #[error("compiling the component takes more than {} MiB of memory, the most that this host spends on one", .0 / MIB)]
    CompileMemory(u64),
    /// Compiling did not end in time.
    #[error(
        "compiling the component took longer than {}; on a busy host another try may help",
        humantime::format_duration(*.0)
    )]
    CompileTime(Duration),
    /// The code became too large.
    #[error("the component compiles to more than {} MiB of machine code, the most that this host keeps of one", .0 / MIB)]
    CompileSize(u64),
    /// The compiler died of it.
    #[error("the compiler crashed on the component, {0}; only its own process is gone, and no such component is taken")]
    CompilerCrashed(String),
    /// `describe` trapped.
    #[error("the module's `describe` failed: {0}")]
    DescribeFailed(String),
    /// `describe` took too long.
    #[error("the module's `describe` did not return within {} s", .0.as_secs_f64())]
    DescribeTime(Duration),
    /// `describe` wanted too much memory.
    #[error("the module's `describe` needs more memory than it may have, {} MiB: {reason}", limit_bytes / MIB)]
    DescribeMemory {
        /// What it may have.
        limit_bytes: u64,
        /// How it ended.
        reason: String,
    },
    /// `describe` returned something that is no description.
    #[error("the module's `describe` returned what the host cannot use: {0}")]
    DescribeInvalid(#[from] InvalidModuleInfo),
    /// No instance or no memory is free now to ask the module what it is.
    #[error("the host has no memory free to look at the module; try again later")]
    NoRoom,
    /// The host went wrong.
    #[error("the host could not take the module: {0}")]
    Host(String),
}

impl AdmissionError {
    /// Whether the host is at fault and not the component: the same bytes may be taken later.
    pub fn is_hosts_fault(&self) -> bool {
        matches!(self, Self::NoRoom | Self::Host(_))
    }
}
