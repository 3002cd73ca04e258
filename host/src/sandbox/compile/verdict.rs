//! What the end of a worker says about the component: every death has its own sentence.

use std::os::unix::process::ExitStatusExt as _;
use std::process::ExitStatus;

use rustix::process::Signal;

use super::worker::WorkerEnd;
use super::workshop::CompileError;
use crate::domain::CompileLimits;
use crate::sandbox::admission::{AdmissionError, compiler_refused};

/// What the allocator and wasmtime say when the kernel gives them no more memory.
const OUT_OF_MEMORY: [&str; 4] = ["memory allocation of ", "out of memory", "Cannot allocate memory", "os error 12"];

/// Reads how a worker ended and what it said.
pub(super) fn verdict(ended: ExitStatus, said: &str, limits: &CompileLimits) -> Result<(), CompileError> {
    let out_of_memory = OUT_OF_MEMORY.iter().any(|words| said.contains(words));
    let end = ended.code().map(WorkerEnd::of);
    Err(match (end, ended.signal()) {
        (Some(Some(WorkerEnd::Compiled)), _) => return Ok(()),
        (Some(Some(WorkerEnd::Refused | WorkerEnd::Failed)), _) if out_of_memory => memory(limits),
        (Some(Some(WorkerEnd::Refused)), _) => compiler_refused(said).into(),
        (Some(Some(WorkerEnd::Failed)), _) => CompileError::Worker(said.to_owned()),
        (Some(Some(WorkerEnd::Unwritten)), _) => CompileError::Unwritten(said.to_owned()),
        (_, Some(signal)) => by_signal(signal, out_of_memory, said, limits),
        // Some of the compiler's tables panic when they cannot grow.
        (_, None) if out_of_memory => memory(limits),
        (_, None) => crashed("it panicked", said),
    })
}

fn by_signal(signal: i32, out_of_memory: bool, said: &str, limits: &CompileLimits) -> CompileError {
    let is = |known: Signal| known.as_raw() == signal;
    if is(Signal::XCPU) {
        AdmissionError::CompileCpu(limits.cpu_time).into()
    } else if is(Signal::XFSZ) {
        AdmissionError::CompileSize(limits.code_bytes).into()
    } else if is(Signal::ABORT) && out_of_memory {
        memory(limits)
    } else if [Signal::KILL, Signal::TERM, Signal::INT, Signal::HUP, Signal::QUIT].into_iter().any(is) {
        // Nothing that a compiler does to itself: somebody, or the kernel when the machine ran out of memory.
        CompileError::Worker(format!("the compiler was killed from outside, with signal {signal}"))
    } else {
        crashed(&format!("with signal {signal}"), said)
    }
}

fn memory(limits: &CompileLimits) -> CompileError {
    AdmissionError::CompileMemory(limits.memory_bytes).into()
}

/// What it said is for the operator: it names files of the compiler, and nothing of the component.
fn crashed(how: &str, said: &str) -> CompileError {
    tracing::error!(how, said, "the compiler crashed on a component");
    AdmissionError::CompilerCrashed(how.to_owned()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_death_has_its_sentence() {
        let exit = |code: i32| ExitStatus::from_raw(code << 8);
        let by = |signal: Signal| ExitStatus::from_raw(signal.as_raw());
        let limits = CompileLimits::default();
        for (ended, said, words) in [
            (by(Signal::XCPU), "", "more than 60 s of processor time"),
            (by(Signal::ABORT), "memory allocation of 4096 bytes failed", "more than 2048 MiB of memory"),
            (exit(3), "failed to map: Cannot allocate memory (os error 12)", "more than 2048 MiB of memory"),
            (by(Signal::XFSZ), "", "more than 512 MiB of machine code"),
            (by(Signal::SEGV), "", "the compiler crashed on the component, with signal 11"),
            (by(Signal::ABORT), "", "the compiler crashed on the component, with signal 6"),
            (exit(101), "panicked at …: unhandled out-of-memory error: out of memory", "more than 2048 MiB of memory"),
            (exit(101), "panicked at …", "the compiler crashed on the component, it panicked"),
            (exit(3), "Unsupported feature", "cannot be compiled: Unsupported feature"),
            (by(Signal::KILL), "", "killed from outside, with signal 9"),
            (exit(4), "the component cannot be read", "the component cannot be read"),
            (exit(5), "the code cannot be written", "the code cannot be written"),
        ] {
            let text = verdict(ended, said, &limits).expect_err("no code").to_string();
            assert!(text.contains(words), "{words}: {text}");
        }
        assert!(verdict(exit(0), "", &limits).is_ok());
    }
}
