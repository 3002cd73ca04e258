//! The guest in JavaScript, which is made from `wit/` by `componentize-qjs`: it proves that the contract needs no SDK.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use cofferdam_build::{Node, Way, is_newer};

use super::npm;
use super::workshop::workshop;
use crate::process;
use crate::workspace::Workspace;

const NAME: &str = "javascript";

/// Builds it into [`Workspace::modules`], unless what is there is newer than its sources; gives its file.
pub(crate) fn build(workspace: &Workspace) -> Result<PathBuf> {
    let source = workspace.root.join("tests/guests").join(NAME);
    let wit = workspace.root.join("wit");
    let module = workspace.modules().join(NAME).with_extension("wasm");
    if is_newer(&module, &[&source, &wit]) {
        return Ok(module);
    }
    fs::create_dir_all(workspace.modules())?;
    let node = Node::find(&workshop(workspace, Way::Auto))?;
    let tools = npm::install(workspace, &node, &source)?;

    let mut componentize = node.command("node")?;
    componentize.arg(tools.join("node_modules/componentize-qjs/bin/componentize-qjs"));
    componentize.arg("--wit").arg(&wit).arg("--js").arg(source.join("app.js")).args(["--world", "module", "--sync"]);
    componentize.arg("--output").arg(&module);
    // Its words would stand between those of the test runner.
    process::stdout_of(&mut componentize).context("the JavaScript guest could not be built")?;
    Ok(module)
}
