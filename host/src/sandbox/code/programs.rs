//! Gets programs: from memory, from disk, or by compiling.
//!
//! One component is never compiled twice at once, and no more components at once than there are cores.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use bytes::Bytes;
use tempfile::NamedTempFile;
use tokio::sync::{OwnedMutexGuard, Semaphore};
use tokio_util::sync::CancellationToken;
use wasmtime::component::{Component, Linker};

use crate::blocking::on_own_thread;
use crate::domain::{Digest, JobLimits, Live};
use crate::sandbox::admission::{self, AdmissionError};
use crate::sandbox::compile::{CompileError, Workshop};
use crate::sandbox::guest::GuestState;
use crate::sandbox::{Inspection, SandboxConfig, SandboxError};

use super::Program;
use super::disk::{Disk, map, unfinished};
use super::lru::Lru;

/// Programs kept in memory. The largest, JavaScript engines, map 37 MB each.
const PROGRAMS: usize = 128;

/// All programs of a sandbox.
#[derive(Clone)]
pub(in crate::sandbox) struct Programs(Arc<Inner>);

struct Inner {
    workshop: Workshop,
    linker: Linker<GuestState>,
    limits: Live<JobLimits>,
    disk: Option<Disk>,
    loaded: Mutex<Lru<Digest, Program>>,
    turns: Mutex<HashMap<Digest, Arc<tokio::sync::Mutex<()>>>>,
    compilers: Arc<Semaphore>,
}

impl Programs {
    /// None loaded yet.
    pub(in crate::sandbox) fn new(
        workshop: Workshop,
        linker: Linker<GuestState>,
        config: &SandboxConfig,
    ) -> Result<Self, SandboxError> {
        let open = |dir: &Path| {
            Disk::open(dir, config.cache_bytes, &workshop.engine)
                .map_err(|source| SandboxError::Cache { path: dir.to_owned(), source })
        };
        let at_once = workshop.at_once();
        Ok(Self(Arc::new(Inner {
            linker,
            limits: config.limits.clone(),
            disk: config.cache_dir.as_deref().map(open).transpose()?,
            workshop,
            loaded: Mutex::new(Lru::new(PROGRAMS)),
            turns: Mutex::default(),
            compilers: Arc::new(Semaphore::new(at_once)),
        })))
    }

    /// Components that are compiled at once.
    pub(in crate::sandbox) fn compilers(&self) -> usize {
        self.0.workshop.at_once()
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

    /// By compiling, unless it is there already. Dropping the future ends the compiler.
    pub(in crate::sandbox) async fn admit(&self, digest: Digest, bytes: Bytes) -> Result<Program, AdmissionError> {
        let turn = self.0.turn(digest).await;
        if let Some(program) = self.0.loaded(digest) {
            return Ok(program);
        }
        let permit = Arc::clone(&self.0.compilers).acquire_owned().await.expect("the semaphore is never closed");
        let programs = Arc::clone(&self.0);
        let cancelled = CancellationToken::new();
        let _given_up = cancelled.clone().drop_guard();
        // The turn and the permit go along: they are given back when the compiler has ended, whoever still waits for it.
        let admitted = on_own_thread("compile", move || {
            let _held = (turn, permit);
            match programs.load_from_disk(digest) {
                Some(program) => Ok(program),
                None => programs.compile(digest, &bytes, &cancelled),
            }
        });
        admitted.await.unwrap_or_else(|| Err(compiler_broke_down()))
    }

    /// Looks at a file without keeping anything of it; compiles it anew, to know how long that takes.
    pub(in crate::sandbox) async fn inspect(&self, digest: Digest, bytes: Bytes) -> (Inspection, Option<Program>) {
        let permit = Arc::clone(&self.0.compilers).acquire_owned().await.expect("the semaphore is never closed");
        let programs = Arc::clone(&self.0);
        let cancelled = CancellationToken::new();
        let _given_up = cancelled.clone().drop_guard();
        let inspected = on_own_thread("inspect", move || {
            let _held = permit;
            programs.inspect(digest, &bytes, &cancelled)
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
        let component = self.disk.as_ref()?.load(digest, &self.workshop.engine)?;
        // A component that linked when it was compiled links now, unless this host offers less than that one did.
        let program = Program::link(digest, &component, &self.linker).ok()?;
        self.keep(&program);
        Some(program)
    }

    /// Everything that can be known without running it; a program when nothing speaks against it so far.
    fn inspect(&self, digest: Digest, bytes: &Bytes, cancelled: &CancellationToken) -> (Inspection, Option<Program>) {
        let mut inspection = Inspection::of(admission::examine(bytes, &self.workshop.engine, &self.limits.get()));
        if !inspection.faults.iter().all(AdmissionError::is_about_fit) {
            return (inspection, None);
        }
        let started = Instant::now();
        let compiled = self.compiled(bytes, cancelled);
        inspection.compile_time = Some(started.elapsed());
        let program = compiled.and_then(|(component, _)| {
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

    fn compile(&self, digest: Digest, bytes: &Bytes, cancelled: &CancellationToken) -> Result<Program, AdmissionError> {
        admission::check(bytes, &self.workshop.engine, &self.limits.get())?;
        let (component, code) = self.compiled(bytes, cancelled)?;
        let program = Program::link(digest, &component, &self.linker)?;
        if let (Some(disk), Some(code)) = (&self.disk, code)
            && let Err(error) = disk.keep(digest, code)
        {
            tracing::warn!(%error, %digest, "compiled code cannot be kept on disk");
        }
        self.keep(&program);
        Ok(program)
    }

    /// Compiles a component that was checked, and maps its code: it costs memory only where it is used, and once for all
    /// processes. With the file, where that lies among the others of this sandbox.
    fn compiled(
        &self,
        bytes: &Bytes,
        cancelled: &CancellationToken,
    ) -> Result<(Component, Option<NamedTempFile>), AdmissionError> {
        let unwritten = |error: std::io::Error| CompileError::Unwritten(error.to_string());
        if let Some(disk) = &self.disk {
            match disk.begin().map_err(unwritten).and_then(|code| self.fill(code, bytes, cancelled)) {
                Ok((component, code)) => return Ok((component, Some(code))),
                Err(CompileError::Unwritten(reason)) => {
                    tracing::warn!(reason, "compiled code cannot be kept on disk, and is made elsewhere");
                }
                Err(error) => return Err(error.into()),
            }
        }
        let code = unfinished(&std::env::temp_dir()).map_err(unwritten)?;
        Ok((self.fill(code, bytes, cancelled)?.0, None))
    }

    fn fill(
        &self,
        mut code: NamedTempFile,
        bytes: &Bytes,
        cancelled: &CancellationToken,
    ) -> Result<(Component, NamedTempFile), CompileError> {
        self.workshop.compile(bytes, code.as_file_mut(), cancelled)?;
        let component = map(&self.workshop.engine, code.path()).map_err(|error| {
            match admission::compiler_refused(&format!("{error:#}")) {
                AdmissionError::Compiler(reason) => CompileError::Worker(format!(
                    "what the compiler made cannot be used ({reason}); is it a `cofferdam` of this version?"
                )),
                // What only the pool can count.
                counted => counted.into(),
            }
        })?;
        Ok((component, code))
    }
}

fn compiler_broke_down() -> AdmissionError {
    AdmissionError::Host("the compiler broke down".to_owned())
}
