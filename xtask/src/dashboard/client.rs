//! The types of the dashboard's client, generated from what the host says about itself.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use cofferdam_build::Way;

use super::build::{folder, tools};
use crate::host::{self, Profile};
use crate::process::{say, stdout_of};
use crate::server::{Api, Server, Start};
use crate::workspace::Workspace;

/// Among the dashboard's sources.
const TYPES: &str = "src/api/schema.ts";

/// Writes the types anew.
pub(crate) fn generate(workspace: &Workspace, way: Way) -> Result<()> {
    let binary = host::build(workspace, Profile::Dev)?;
    let types = folder(workspace).join(TYPES);
    make(workspace, way, &binary, &types)?;
    say(format_args!("dashboard: {TYPES} is that of this host"));
    Ok(())
}

/// Fails when the types are those of another host.
pub(super) fn check(workspace: &Workspace, way: Way, binary: &Path) -> Result<()> {
    let made = workspace.target.join("dashboard/schema.ts");
    make(workspace, way, binary, &made)?;
    let same = fs::read(&made)? == fs::read(folder(workspace).join(TYPES))?;
    ensure!(
        same,
        "host/dashboard/{TYPES} is not made from this host's /openapi.json: run `cargo xtask dashboard --client`"
    );
    Ok(())
}

fn make(workspace: &Workspace, way: Way, binary: &Path, types: &Path) -> Result<()> {
    let node = tools(workspace, way)?;
    let data = tempfile::tempdir()?;
    let server = Server::start(&Start::usual(binary, "127.0.0.1:0", data.path()))?;
    let document = Api::connect(server.address())?.get("/openapi.json")?;
    server.stop()?;
    let work = workspace.target.join("dashboard");
    fs::create_dir_all(&work)?;
    let file: PathBuf = work.join("openapi.json");
    fs::write(&file, document.to_string())?;
    let mut generator = node.command("npm")?;
    generator.current_dir(folder(workspace)).args(["run", "--silent", "client", "--"]).arg(&file).arg("--output");
    generator.arg(types).arg("--empty-objects-unknown");
    stdout_of(&mut generator).context("openapi-typescript")?;
    Ok(())
}
