//! WASI with what was granted: without that no files, no environment and no HTTP, and never sockets and names. Guests get
//! errors, not traps.

use std::sync::Arc;

use wasmtime_wasi::{FsPerms, WasiCtx, WasiCtxBuilder};

use crate::domain::LogSource;
use crate::domain::limits::RANDOM_BYTES;
use crate::sandbox::Allowance;

use super::stdio::Stdio;

/// Clocks, random numbers, output that becomes log lines, and what was granted.
pub(super) fn granted(stdio: &Arc<Stdio>, allowance: &Allowance) -> wasmtime::Result<WasiCtx> {
    let mut builder = builder(stdio, allowance);
    for folder in allowance.folders.iter() {
        let perms = if folder.is_writable() { FsPerms::ReadWrite } else { FsPerms::ReadOnly };
        builder.preopened_dir(folder.path(), folder.guest_path(), perms)?;
    }
    Ok(builder.build())
}

/// The same for a guest that sees no folders, which cannot fail.
pub(super) fn without_folders(stdio: &Arc<Stdio>, allowance: &Allowance) -> WasiCtx {
    builder(stdio, allowance).build()
}

fn builder(stdio: &Arc<Stdio>, allowance: &Allowance) -> WasiCtxBuilder {
    let mut builder = WasiCtx::builder();
    builder
        .stdout(stdio.stream(LogSource::Stdout))
        .stderr(stdio.stream(LogSource::Stderr))
        .max_random_size(RANDOM_BYTES);
    for (name, value) in &allowance.env {
        builder.env(name, value);
    }
    builder
}
