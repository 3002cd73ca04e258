//! Gets programs: from memory, from disk, or by compiling.
//!
//! One component is never compiled twice at once, and no more components at once than there are cores.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use bytes::Bytes;
use tokio::sync::{OwnedMutexGuard, Semaphore};
use wasmtime::Engine;
use wasmtime::component::{Component, Linker};

use crate::domain::{Digest, JobLimits};
use crate::sandbox::admission::{self, AdmissionError};
use crate::sandbox::engine::{cores, lower_priority, on_own_thread};
use crate::sandbox::guest::GuestState;
use crate::sandbox::{Inspection, SandboxConfig, SandboxError};

use super::Program;
use super::disk::Disk;
use super::lru::Lru;

/// Programs kept in memory. The largest, JavaScript engines, map 37 MB each.
const PROGRAMS: usize = 128;
/// How much a compiling thread stands back behind others, in steps of `nice`.
const COMPILER_NICENESS: i32 = 10;

/// All programs of a sandbox.
#[derive(Clone)]
pub(in crate::sandbox) struct Programs(Arc<Inner>);

struct Inner {
    engine: Engine,
    linker: Linker<GuestState>,
    limits: JobLimits,
    disk: Option<Disk>,
    loaded: Mutex<Lru<Digest, Program>>,
    turns: Mutex<HashMap<Digest, Arc<tokio::sync::Mutex<()>>>>,
    compilers: Arc<Semaphore>,
}

impl Programs {
    /// None loaded yet.
    pub(in crate::sandbox) fn new(
        engine: &Engine,
        linker: Linker<GuestState>,
        config: &SandboxConfig,
    ) -> Result<Self, SandboxError> {
        let open = |dir: &Path| {
            Disk::open(dir, config.cache_bytes, engine)
                .map_err(|source| SandboxError::Cache { path: dir.to_owned(), source })
        };
        Ok(Self(Arc::new(Inner {
            engine: engine.clone(),
            linker,
            limits: config.limits.clone(),
            disk: config.cache_dir.as_deref().map(open).transpose()?,
            loaded: Mutex::new(Lru::new(PROGRAMS)),
            turns: Mutex::default(),
            compilers: Arc::new(Semaphore::new(cores())),
        })))
    }

    /// Without compiling.
    pub(in crate::sandbox) async fn load(&self, digest: Digest) -> Option<Program> {
        if let Some(program) = self.0.loaded(digest) {
            return Some(program);
        }
        self.0.disk.as_ref()?;
        let turn = self.0.turn(digest).await;
        let programs = Arc::clone(&self.0);
        on_own_thread("load-code", move || {
            let _turn = turn;
            programs.loaded(digest).or_else(|| programs.load_from_disk(digest))
        })
        .await
        .flatten()
    }

    /// By compiling, unless it is there already.
    pub(in crate::sandbox) async fn admit(&self, digest: Digest, bytes: Bytes) -> Result<Program, AdmissionError> {
        let turn = self.0.turn(digest).await;
        if let Some(program) = self.0.loaded(digest) {
            return Ok(program);
        }
        let permit = Arc::clone(&self.0.compilers).acquire_owned().await.expect("the semaphore is never closed");
        let programs = Arc::clone(&self.0);
        // The turn and the permit go along: should the caller go away, the work still goes on and still counts.
        let admitted = on_own_thread("compile", move || {
            let _held = (turn, permit);
            lower_priority(COMPILER_NICENESS);
            match programs.load_from_disk(digest) {
                Some(program) => Ok(program),
                None => programs.compile(digest, &bytes),
            }
        });
        admitted.await.unwrap_or_else(|| Err(compiler_broke_down()))
    }

    /// Looks at a file without keeping anything of it; compiles it anew, to know how long that takes.
    pub(in crate::sandbox) async fn inspect(&self, digest: Digest, bytes: Bytes) -> (Inspection, Option<Program>) {
        let permit = Arc::clone(&self.0.compilers).acquire_owned().await.expect("the semaphore is never closed");
        let programs = Arc::clone(&self.0);
        let inspected = on_own_thread("inspect", move || {
            let _held = permit;
            programs.inspect(digest, &bytes)
        });
        inspected
            .await
            .unwrap_or_else(|| (Inspection { faults: vec![compiler_broke_down()], ..Inspection::default() }, None))
    }
}

impl Inner {
    fn loaded(&self, digest: Digest) -> Option<Program> {
        self.loaded.lock().unwrap_or_else(PoisonError::into_inner).get(&digest)
    }

    fn keep(&self, program: &Program) {
        self.loaded.lock().unwrap_or_else(PoisonError::into_inner).insert(program.digest(), program.clone());
    }

    /// Waits until nobody else compiles or loads this component.
    async fn turn(&self, digest: Digest) -> OwnedMutexGuard<()> {
        let turn = {
            let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
            turns.retain(|_, turn| Arc::strong_count(turn) > 1);
            Arc::clone(turns.entry(digest).or_default())
        };
        turn.lock_owned().await
    }

    fn load_from_disk(&self, digest: Digest) -> Option<Program> {
        let component = self.disk.as_ref()?.load(digest, &self.engine)?;
        // A component that linked when it was compiled links now, unless this host offers less than that one did.
        let program = Program::link(digest, &component, &self.linker).ok()?;
        self.keep(&program);
        Some(program)
    }

    /// Everything that can be known without running it; a program when nothing speaks against it so far.
    fn inspect(&self, digest: Digest, bytes: &[u8]) -> (Inspection, Option<Program>) {
        let mut inspection = Inspection::of(admission::examine(bytes, &self.engine, &self.limits));
        if !inspection.faults.iter().all(AdmissionError::is_about_fit) {
            return (inspection, None);
        }
        let started = Instant::now();
        let compiled = compile(&self.engine, bytes);
        inspection.compile_time = Some(started.elapsed());
        let program = compiled.and_then(|component| {
            inspection.add_faults(Program::faults(&component, &self.linker));
            Program::link(digest, &component, &self.linker)
        });
        match program {
            Ok(program) => (inspection, Some(program)),
            Err(fault) => {
                inspection.add_faults(vec![fault]);
                (inspection, None)
            }
        }
    }

    fn compile(&self, digest: Digest, bytes: &[u8]) -> Result<Program, AdmissionError> {
        admission::check(bytes, &self.engine, &self.limits)?;
        let component = compile(&self.engine, bytes)?;
        let program = Program::link(digest, &component, &self.linker)?;
        if let Some(disk) = &self.disk {
            let saved = component.serialize().map_err(std::io::Error::other).and_then(|code| disk.save(digest, &code));
            match saved.map(|()| self.load_from_disk(digest)) {
                // Mapped from the file, the code costs memory only where it is used, and once for all processes.
                Ok(Some(mapped)) => return Ok(mapped),
                Ok(None) => tracing::warn!(%digest, "the code just compiled cannot be read back from disk"),
                Err(error) => tracing::warn!(%error, %digest, "compiled code cannot be kept on disk"),
            }
        }
        self.keep(&program);
        Ok(program)
    }
}

fn compiler_broke_down() -> AdmissionError {
    AdmissionError::Host("the compiler broke down".to_owned())
}

fn compile(engine: &Engine, bytes: &[u8]) -> Result<Component, AdmissionError> {
    Component::from_binary(engine, bytes).map_err(|error| admission::compiler_refused(&error))
}
