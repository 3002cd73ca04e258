//! Builds the dashboard with what its lock file says, unless what is there was built from the same sources.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use cofferdam_build::{Node, Way, is_newer};

use super::sources;
use crate::guests::workshop;
use crate::process::{run, say};
use crate::workspace::Workspace;

/// The folder of its sources.
pub(super) fn folder(workspace: &Workspace) -> PathBuf {
    workspace.root.join("host/dashboard")
}

/// Builds it; the next build of the host takes it in.
pub(crate) fn build(workspace: &Workspace, way: Way) -> Result<()> {
    if sources::is_fresh(&folder(workspace)) {
        return Ok(());
    }
    vite(workspace, &tools(workspace, way)?)
}

/// The same where Node.js and the packages are there or can be had; the host says itself that it has no dashboard.
pub(crate) fn build_if_possible(workspace: &Workspace, way: Way) -> Result<()> {
    if sources::is_fresh(&folder(workspace)) {
        return Ok(());
    }
    match tools(workspace, way) {
        Ok(node) => vite(workspace, &node),
        Err(error) => {
            say(format_args!("dashboard: the host is built without it: {error:#}"));
            Ok(())
        }
    }
}

fn vite(workspace: &Workspace, node: &Node) -> Result<()> {
    say("dashboard: npm run build");
    let folder = folder(workspace);
    let digest = sources::digest(&folder)?;
    run(node.command("npm")?.current_dir(&folder).args(["run", "--silent", "build"]))?;
    fs::write(folder.join(sources::STAMP), digest).context("the mark of what the dashboard was built from")
}

/// Node.js, with the packages in place.
pub(super) fn tools(workspace: &Workspace, way: Way) -> Result<Node> {
    let (node, folder) = (Node::find(&workshop(workspace, way))?, folder(workspace));
    if !is_newer(&folder.join("node_modules/.package-lock.json"), &[Path::new(&folder.join("package-lock.json"))]) {
        say("dashboard: npm ci, as host/dashboard/package-lock.json says");
        node.install_locked(&folder)?;
    }
    Ok(node)
}
