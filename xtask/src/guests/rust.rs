//! The guests in Rust.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use cofferdam_build::{WasmCargo, Way};

use super::workshop::workshop;
use crate::process;
use crate::workspace::Workspace;

/// Builds all of them in one go and puts them into [`Workspace::modules`]; gives their files.
///
/// They have a target folder of their own, so that neither the lock nor the fingerprints of the host's build are touched.
pub(crate) fn build(workspace: &Workspace, way: Way) -> Result<Vec<PathBuf>> {
    let target = workspace.target.join("guests");
    let names = workspace.rust_guests();
    let mut build = WasmCargo::prepare(&workshop(workspace, way))?.build()?;
    build.current_dir(&workspace.root).args(["--locked", "--profile", "guest"]).arg("--target-dir").arg(&target);
    for name in &names {
        build.args(["--package", name]);
    }
    process::run(&mut build)?;

    let components = target.join(WasmCargo::TARGET).join("guest");
    let modules = workspace.modules();
    fs::create_dir_all(&modules)?;
    names
        .iter()
        .map(|name| deliver(&components.join(name.replace('-', "_")).with_extension("wasm"), &modules, name))
        .collect()
}

/// Copies one component, unless the same bytes are there.
fn deliver(built: &Path, modules: &Path, name: &str) -> Result<PathBuf> {
    let bytes =
        fs::read(built).with_context(|| format!("the build made no {}: is {name} a cdylib?", built.display()))?;
    let module = modules.join(name).with_extension("wasm");
    if fs::read(&module).is_ok_and(|there| there == bytes) {
        return Ok(module);
    }
    fs::write(&module, bytes)?;
    Ok(module)
}
