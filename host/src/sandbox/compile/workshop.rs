//! Where components become machine code: one worker for each, watched from its start to its end.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::process::{ExitStatus, Stdio};

use bytes::Bytes;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::{Child, Command};
use tokio_util::sync::CancellationToken;
use wasmtime::Engine;

use super::verdict::verdict;
use super::{CompileOrder, Compiler};
use crate::domain::CompileLimits;
use crate::sandbox::admission::{AdmissionError, compiler_refused};
use crate::sandbox::engine::{Allocation, cores};

/// How much of what a worker says is kept.
const SAID_BYTES: u64 = 64 << 10;

/// Compiles for one engine.
pub(in crate::sandbox) struct Workshop {
    pub(in crate::sandbox) engine: Engine,
    /// How that engine allocates, which the code depends on.
    pub(in crate::sandbox) allocation: Allocation,
    pub(in crate::sandbox) compiler: Compiler,
    pub(in crate::sandbox) limits: CompileLimits,
}

/// Why there is no code.
#[derive(Debug, thiserror::Error)]
pub(in crate::sandbox) enum CompileError {
    /// Because of the component.
    #[error(transparent)]
    Component(#[from] AdmissionError),
    /// Because of the machine; another time may help.
    #[error("{0}")]
    Worker(String),
    /// Because the code does not fit where it was to go; another place may help.
    #[error("{0}")]
    Unwritten(String),
    /// Nobody wants it any more.
    #[error("nobody waits for the code any more")]
    Cancelled,
}

impl From<CompileError> for AdmissionError {
    fn from(error: CompileError) -> Self {
        match error {
            CompileError::Component(error) => error,
            CompileError::Worker(_) | CompileError::Unwritten(_) | CompileError::Cancelled => {
                Self::Host(error.to_string())
            }
        }
    }
}

impl Workshop {
    /// Components that are compiled at once.
    pub(in crate::sandbox) fn at_once(&self) -> usize {
        self.limits.at_once.map_or_else(cores, |number| number as usize)
    }

    /// Fills an empty file with the code of a component that was looked at before. Blocks its thread, which must live
    /// as long as the worker: the worker dies with it.
    pub(in crate::sandbox) fn compile(
        &self,
        component: &Bytes,
        code: &mut File,
        cancelled: &CancellationToken,
    ) -> Result<(), CompileError> {
        match &self.compiler {
            Compiler::Worker(program) => self.in_worker(program, component, code, cancelled),
            Compiler::InProcess => {
                let machine_code = self
                    .engine
                    .precompile_component(component)
                    .map_err(|error| compiler_refused(&format!("{error:#}")))?;
                code.write_all(&machine_code).map_err(|error| CompileError::Unwritten(error.to_string()))
            }
        }
    }

    fn in_worker(
        &self,
        program: &Path,
        component: &Bytes,
        code: &File,
        cancelled: &CancellationToken,
    ) -> Result<(), CompileError> {
        let order = CompileOrder::new(self.allocation, component.len() as u64, &self.limits);
        let broken = |error: std::io::Error| {
            CompileError::Worker(format!("the compiler `{}` cannot be started: {error}", program.display()))
        };
        let output = code.try_clone().map_err(broken)?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(broken)?;
        let (ended, said) = runtime.block_on(async {
            let mut worker = start(program, &order, output).map_err(broken)?;
            let ended = tokio::select! {
                ended = attend(&mut worker, component) => ended.map_err(broken),
                () = cancelled.cancelled() => Err(CompileError::Cancelled),
                () = tokio::time::sleep(self.limits.time) => {
                    Err(AdmissionError::CompileTime(self.limits.time).into())
                }
            };
            if ended.is_err() {
                // It fails only when the worker has ended meanwhile.
                let _ = worker.kill().await;
            }
            ended
        })?;
        verdict(ended, &said, &self.limits)
    }
}

/// Nothing of this process goes along but the three streams; a signal to the terminal is not for it either.
fn start(program: &Path, order: &CompileOrder, output: File) -> std::io::Result<Child> {
    Command::new(program)
        .arg0("cofferdam")
        .arg("compile-worker")
        .arg(order.write())
        .env_clear()
        // Its memory is bounded as address space, of which the allocator would reserve a gigabyte at a time.
        .env("MIMALLOC_ARENA_RESERVE", "32M")
        .current_dir("/")
        .process_group(0)
        .stdin(Stdio::piped())
        .stdout(output)
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
}

/// Hands it the component and hears it out.
async fn attend(worker: &mut Child, component: &Bytes) -> std::io::Result<(ExitStatus, String)> {
    let mut input = worker.stdin.take().expect("it was started with a pipe");
    let messages = worker.stderr.take().expect("it was started with a pipe");
    let feed = async {
        // A worker that ends before it has read everything says itself why.
        let _ = input.write_all(component).await;
        drop(input);
    };
    let mut said = Vec::new();
    let hear = async { messages.take(SAID_BYTES).read_to_end(&mut said).await };
    let ((), heard, ended) = tokio::join!(feed, hear, worker.wait());
    heard?;
    Ok((ended?, String::from_utf8_lossy(&said).into_owned()))
}
