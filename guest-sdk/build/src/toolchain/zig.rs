//! A C compiler for WebAssembly: Zig's, which brings its C library, from the Python package `ziglang`.

use std::process::Command;

use super::python::virtual_environment;
use crate::{BuildError, Workshop};

/// The Python package, at the version that was tried.
const WHEEL: &str = "ziglang==0.17.1";

/// The start of a command that compiles C to a module that other code calls into.
pub(crate) fn compiler(workshop: &Workshop) -> Result<Command, BuildError> {
    let environment = virtual_environment(workshop, "zig", &[WHEEL], "python-zig")?;
    let mut zig = Command::new(environment.join("bin/python"));
    zig.args(["-m", "ziglang", "cc", "-target", "wasm32-wasi", "-mexec-model=reactor"]);
    zig.env("ZIG_GLOBAL_CACHE_DIR", workshop.tool_folder("zig-cache")?);
    Ok(zig)
}
