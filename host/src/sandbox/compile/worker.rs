//! The worker's own side: into its limits, read, compile, write, end.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::os::fd::AsFd as _;

use wasmtime::Engine;

use super::CompileOrder;
use crate::sandbox::engine::{code_settings, lower_priority};

/// How much a compiler stands back behind others, in steps of `nice`: behind guests, which stand back behind the host's
/// own threads, yet not so far that busy guests keep every new module out. At 19 a node full of guests would leave it a
/// twenty-fifth of a processor; at 10 it is a quarter.
pub(super) const NICENESS: i32 = 10;

/// How a worker's work came out. It tells on standard error what went wrong, and by its exit code whose fault it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WorkerEnd {
    /// The code is written.
    Compiled,
    /// wasmtime does not compile the component; its reason stands on standard error.
    Refused,
    /// The machine is at fault; the reason stands on standard error.
    Failed,
    /// The code does not fit where it was to go; the reason stands on standard error.
    Unwritten,
}

impl WorkerEnd {
    /// The exit code. Panics end with 101, wrong arguments with 2.
    pub(crate) const fn code(self) -> u8 {
        match self {
            Self::Compiled => 0,
            Self::Refused => 3,
            Self::Failed => 4,
            Self::Unwritten => 5,
        }
    }

    pub(super) fn of(code: i32) -> Option<Self> {
        [Self::Compiled, Self::Refused, Self::Failed, Self::Unwritten]
            .into_iter()
            .find(|end| i32::from(end.code()) == code)
    }
}

/// Does what a worker is there for. This process is of no use for anything else afterwards.
pub fn work(order: &CompileOrder) -> WorkerEnd {
    let (end, reason) = match try_work(order) {
        Ok(()) => return WorkerEnd::Compiled,
        Err(end) => end,
    };
    // Nobody is left to tell when this fails.
    let _ = std::io::stderr().write_all(reason.as_bytes());
    end
}

fn try_work(order: &CompileOrder) -> Result<(), (WorkerEnd, String)> {
    let failed = |reason: String| (WorkerEnd::Failed, reason);
    order.confine().map_err(failed)?;
    lower_priority(NICENESS);
    let mut component = Vec::new();
    std::io::stdin()
        .lock()
        .take(order.component_bytes)
        .read_to_end(&mut component)
        .map_err(|error| failed(format!("the component cannot be read: {error}")))?;
    if component.len() as u64 != order.component_bytes {
        return Err(failed("the component did not arrive as a whole".to_owned()));
    }
    let engine = Engine::new(&code_settings(order.allocation)).map_err(|error| failed(format!("{error:#}")))?;
    let code = engine.precompile_component(&component).map_err(|error| (WorkerEnd::Refused, format!("{error:#}")))?;
    // Not through the standard library's `Stdout`, which looks for the end of lines.
    std::io::stdout()
        .as_fd()
        .try_clone_to_owned()
        .and_then(|output| File::from(output).write_all(&code))
        .map_err(|error| (WorkerEnd::Unwritten, format!("the code cannot be written: {error}")))
}
