//! Tools that guests without an SDK are made with, as their lock files say.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;
use cofferdam_build::Node;

use crate::process::say;
use crate::workspace::Workspace;

const FILES: [&str; 3] = ["package.json", "package-lock.json", ".npmrc"];

/// Installs exactly what a guest's lock file says, outside its sources, unless that is there already; gives the folder.
pub(super) fn install(workspace: &Workspace, node: &Node, source: &Path) -> Result<PathBuf> {
    let name = source.file_name().unwrap_or_default();
    let tools = workspace.target.join("tools/without-sdk").join(name);
    let is_there = |file: &&str| fs::read(tools.join(file)).ok() == fs::read(source.join(file)).ok();
    if FILES.iter().all(is_there) && tools.join("node_modules/.package-lock.json").is_file() {
        return Ok(tools);
    }
    say(format_args!("guests: installing with npm what tests/guests/{}/package-lock.json says", name.display()));
    fs::create_dir_all(&tools)?;
    for file in FILES {
        fs::copy(source.join(file), tools.join(file))?;
    }
    node.install_locked(&tools)?;
    Ok(tools)
}
