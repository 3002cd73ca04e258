//! The dashboard's own tests: of its functions, and of all of it in a headless Chromium over a real host.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};
use cofferdam_build::Way;

use super::build::{folder, tools};
use super::client;
use crate::process::{apt_get, on_path, run_within, say};
use crate::workspace::Workspace;

const INSTALL: [&str; 4] = ["install", "--yes", "--no-install-recommends", "chromium"];
/// What the programs of other systems are called.
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
/// More than the tests take on two busy cores.
const LIMIT: Duration = Duration::from_mins(15);

/// Runs them against this program of the host, which has the dashboard in it.
pub(crate) fn test(workspace: &Workspace, way: Way, binary: &Path) -> Result<()> {
    let chromium = chromium()?;
    client::check(workspace, way, binary)?;
    let node = tools(workspace, way)?;
    let screenshots = workspace.target.join("dashboard/screenshots");
    say(format_args!("dashboard: npm test; screenshots go to {}", screenshots.display()));
    let mut test = node.command("npm")?;
    test.current_dir(folder(workspace)).args(["run", "--silent", "test"]).env("COFFERDAM_BIN", binary);
    test.env("COFFERDAM_MODULES", workspace.modules()).env("COFFERDAM_SCREENSHOTS", screenshots);
    run_within(LIMIT, test.env("COFFERDAM_CHROMIUM", chromium)).context("the dashboard's tests")
}

/// A Chromium, which is installed where there is none.
fn chromium() -> Result<PathBuf> {
    let find = || NAMES.iter().find_map(|name| on_path(name));
    if let Some(found) = find() {
        return Ok(found);
    }
    say(format_args!("dashboard: no Chromium: installing with `apt-get {}`", INSTALL.join(" ")));
    apt_get(&["update"])?;
    apt_get(&INSTALL)?;
    find().context("there is still no Chromium after the installation")
}
