//! Where components are compiled.

use std::path::{Path, PathBuf};

use crate::sandbox::SandboxError;

/// Where components are compiled. There is no default: whoever takes modules of strangers wants a worker, and a program
/// that embeds this crate has no such command unless it says where one is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Compiler {
    /// In a child process for each component: this program, called as `PROGRAM compile-worker …`, within the limits of
    /// [`CompileLimits`](crate::domain::CompileLimits). It must be a `cofferdam` of this version.
    Worker(PathBuf),
    /// In this process, on a thread of its own, without limits: a component made for it can take minutes of a processor
    /// and gigabytes of memory. For modules of one's own.
    InProcess,
}

impl Compiler {
    /// This very program as the worker: for `cofferdam` itself.
    ///
    /// By the kernel's name for it, which means the same file also after a new version was installed in its place.
    pub fn this_program() -> Self {
        Self::Worker(PathBuf::from("/proc/self/exe"))
    }

    /// Refuses a worker that is not there, at the start and not at the first upload.
    pub(in crate::sandbox) fn check(&self) -> Result<(), SandboxError> {
        match self {
            Self::Worker(program) if !is_program(program) => Err(SandboxError::NoWorker { program: program.clone() }),
            Self::Worker(_) | Self::InProcess => Ok(()),
        }
    }
}

fn is_program(path: &Path) -> bool {
    rustix::fs::access(path, rustix::fs::Access::EXEC_OK).is_ok() && path.is_file()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_worker_that_is_not_there_is_told_at_the_start() {
        assert!(Compiler::this_program().check().is_ok() && Compiler::InProcess.check().is_ok());
        for path in ["/nowhere/cofferdam", "/proc/self/status", "/"] {
            let refused = Compiler::Worker(path.into()).check().expect_err(path).to_string();
            assert!(refused.contains(path) && refused.contains("Compiler::InProcess"), "{refused}");
        }
    }
}
