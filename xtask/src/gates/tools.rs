//! The checkers that come as programs: taken from `PATH` when the version fits, else built into the target folder.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::process::{self, cargo, say};
use crate::workspace::Workspace;

/// A program of a crate.
pub(super) struct Wanted {
    name: &'static str,
    /// A newer one may find more, and then a change would fail that another had brought in.
    version: &'static str,
}

pub(super) const CARGO_DENY: Wanted = Wanted { name: "cargo-deny", version: "0.20.2" };
pub(super) const CARGO_MACHETE: Wanted = Wanted { name: "cargo-machete", version: "0.9.2" };

/// A program that is there.
pub(super) struct Tool {
    program: PathBuf,
}

impl Tool {
    /// Says so when it installs.
    pub(super) fn find_or_install(wanted: &Wanted, workspace: &Workspace) -> Result<Self> {
        let tools = workspace.target.join("tools");
        let own = tools.join("bin").join(wanted.name);
        let fitting =
            process::on_path(wanted.name).into_iter().chain([own.clone()]).find(|program| fits(program, wanted));
        if let Some(program) = fitting {
            return Ok(Self { program });
        }
        say(format_args!("gates: no {} {} on PATH: building it into {}", wanted.name, wanted.version, tools.display()));
        let mut install = cargo();
        // Built without optimizations, which takes half the time: it looks at one project.
        install.args(["install", "--quiet", "--locked", "--debug", wanted.name, "--version", wanted.version, "--root"]);
        install.arg(&tools).arg("--target-dir").arg(tools.join("build"));
        process::run(&mut install).with_context(|| format!("{} could not be installed", wanted.name))?;
        Ok(Self { program: own })
    }

    /// The program in the root of the checkout.
    pub(super) fn command(&self, workspace: &Workspace) -> Command {
        let mut command = Command::new(&self.program);
        command.current_dir(&workspace.root);
        command
    }
}

/// `cargo-deny` says `cargo-deny 0.20.2`, `cargo-machete` says `0.9.2`.
fn fits(program: &Path, wanted: &Wanted) -> bool {
    let said = process::stdout_of(Command::new(program).arg("--version")).unwrap_or_default();
    said.split_whitespace().next_back() == Some(wanted.version)
}
