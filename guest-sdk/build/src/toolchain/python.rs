//! Python packages, each set of them in a virtual environment of its own.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::process::{on_path, quietly};
use crate::{BuildError, Workshop};

const BY_HAND: &str = "install Python 3.9 or later with venv (on Debian `apt-get install python3-venv`) and try again";

/// A virtual environment among the tools with exactly these packages, each `NAME==VERSION`. `program` is one that it has
/// afterwards: where that is there, and the environment was made at this place, nothing is installed.
pub fn virtual_environment(
    workshop: &Workshop,
    name: &str,
    packages: &[&str],
    program: &str,
) -> Result<PathBuf, BuildError> {
    let environment = workshop.tool_folder(name)?;
    if is_whole(&environment, program) {
        return Ok(environment);
    }
    if on_path("python3").is_none() {
        let what = format!("{} is a Python package, and there is no python3 on PATH", packages.join(" "));
        return Err(BuildError::Tool { what, by_hand: BY_HAND.to_owned() });
    }
    workshop.say(format!("installing {} from Python's package index", packages.join(" ")));
    quietly(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&environment))
        .map_err(|error| error.or_by_hand(BY_HAND))?;
    quietly(pip(&environment, "install").args(packages)).map_err(|error| error.or_by_hand(BY_HAND))?;
    Ok(environment)
}

/// Whether the environment has the program, and its programs still find their interpreter: each has the environment's path
/// in it, so that none of them starts once the folder was moved.
fn is_whole(environment: &Path, program: &str) -> bool {
    let interpreter = environment.join("bin/python").display().to_string();
    let pip = std::fs::read_to_string(environment.join("bin/pip"));
    environment.join("bin").join(program).exists() && pip.is_ok_and(|script| script.contains(&interpreter))
}

/// The start of a command of an environment's pip.
pub(crate) fn pip(environment: &Path, command: &str) -> Command {
    let mut pip = Command::new(environment.join("bin/python"));
    pip.args(["-m", "pip", command, "--quiet", "--disable-pip-version-check"]);
    pip
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn an_environment_that_was_moved_is_not_whole() {
        let folder = tempfile::tempdir().expect("a folder");
        let (made, moved) = (folder.path().join("made"), folder.path().join("moved"));
        fs::create_dir_all(made.join("bin")).expect("a folder");
        fs::write(made.join("bin/pip"), format!("#!{}/bin/python3\n", made.display())).expect("written");
        assert!(!is_whole(&made, "tool"), "its program is not there yet");
        fs::write(made.join("bin/tool"), "").expect("written");
        assert!(is_whole(&made, "tool"));
        fs::rename(&made, &moved).expect("moved");
        assert!(!is_whole(&moved, "tool"));
    }
}
