//! Python with its virtual environments, in which tools of several languages are installed: from Debian's packages where
//! the machine has none.

use std::process::Command;

use crate::process::{apt_get, say, stdout_of};

const PACKAGE: &str = "python3-venv";

/// Installs it if it is missing. Where that cannot be, the languages that need it are named as not built.
pub(crate) fn prepare() {
    let has_environments = stdout_of(Command::new("python3").args(["-c", "import ensurepip, venv"])).is_ok();
    if has_environments {
        return;
    }
    say(format_args!("guests: no Python with venv: installing Debian's {PACKAGE}"));
    let install = apt_get(&["update"]).and_then(|()| apt_get(&["install", "--yes", PACKAGE]));
    if let Err(error) = install {
        say(format_args!("guests: {PACKAGE} was not installed: {error:#}"));
    }
}
