//! Python packages, each set of them in a virtual environment of its own.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::process::{on_path, quietly};
use crate::{BuildError, Workshop};

const BY_HAND: &str = "install Python 3.9 or later with venv (on Debian `apt-get install python3-venv`) and try again";

/// A virtual environment among the tools with exactly these packages, each `NAME==VERSION`. `program` is one that it has
/// afterwards: where that is there, nothing is installed.
pub fn virtual_environment(
    workshop: &Workshop,
    name: &str,
    packages: &[&str],
    program: &str,
) -> Result<PathBuf, BuildError> {
    let environment = workshop.tool_folder(name)?;
    if environment.join("bin").join(program).exists() {
        return Ok(environment);
    }
    if on_path("python3").is_none() {
        let what = format!("{} is a Python package, and there is no python3 on PATH", packages.join(" "));
        return Err(BuildError::Tool { what, by_hand: BY_HAND.to_owned() });
    }
    workshop.say(format!("installing {} from Python's package index", packages.join(" ")));
    quietly(Command::new("python3").args(["-m", "venv"]).arg(&environment))
        .map_err(|error| error.or_by_hand(BY_HAND))?;
    quietly(pip(&environment, "install").args(packages)).map_err(|error| error.or_by_hand(BY_HAND))?;
    Ok(environment)
}

/// The start of a command of an environment's pip.
pub(crate) fn pip(environment: &Path, command: &str) -> Command {
    let mut pip = Command::new(environment.join("bin/python"));
    pip.args(["-m", "pip", command, "--quiet", "--disable-pip-version-check"]);
    pip
}
