//! The guest on `StarlingMonkey`, whose `fetch` speaks `wasi:http` by itself: `componentize-js` makes it from `wit/` alone.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use cofferdam_build::{BuildError, Node, Workshop, is_newer, process};

use super::npm;
use crate::process::say;
use crate::workspace::Workspace;

pub(super) const NAME: &str = "starlingmonkey";
/// Making it takes 20 s on an idle machine.
const LIMIT: Duration = Duration::from_mins(5);

/// Builds it into [`Workspace::modules`], unless what is there is newer than its sources; gives its file.
pub(super) fn build(workspace: &Workspace, workshop: &Workshop) -> Result<PathBuf, BuildError> {
    let source = workspace.root.join("tests/guests").join(NAME);
    let wit = workspace.root.join("wit");
    let module = workspace.modules().join(NAME).with_extension("wasm");
    if is_newer(&module, &[&source, &wit]) {
        return Ok(module);
    }
    let node = Node::find(workshop)?;
    let tools = npm::install(workspace, &node, &source).map_err(|error| BuildError::Tool {
        what: format!("componentize-js cannot be installed: {error:#}"),
        by_hand: "let npm reach its registry and try again".to_owned(),
    })?;
    say(format_args!("guests: building {NAME} (javascript)"));
    // It imports its tools from the folders above it.
    let script = tools.join("build.mjs");
    fs::copy(source.join("build.mjs"), &script).map_err(|error| BuildError::File {
        action: "write",
        path: script.clone(),
        source: error,
    })?;
    let mut make = node.command("node")?;
    make.arg(script).arg(source.join("app.js")).arg(&wit).arg(&module);
    process::run_within(LIMIT, &mut make)?;
    Ok(module)
}
