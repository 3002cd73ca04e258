//! Other programs: how they are run, what is said when they fail, and how long they may take.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use crate::BuildError;

/// The cargo that runs this program, or the one on `PATH`.
pub fn cargo() -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    // What one cargo says to its programs about themselves would make the build scripts that look at it run anew under
    // another, and with them everything above: ring, TLS, the database, the host.
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            cargo.env_remove(name);
        }
    }
    cargo
}

/// Runs to the end, with the output shown; any other exit than success is an error.
pub fn run(command: &mut Command) -> Result<(), BuildError> {
    let shown = show(command);
    let status = command.status().map_err(|error| cannot_start(&shown, &error))?;
    if status.success() { Ok(()) } else { Err(BuildError::Program(format!("`{shown}` ended with {status}"))) }
}

/// Runs to the end and gives what it printed on stdout, trimmed; stderr is part of the error when it fails.
pub fn stdout_of(command: &mut Command) -> Result<String, BuildError> {
    let shown = show(command);
    let Output { status, stdout, stderr } = command.output().map_err(|error| cannot_start(&shown, &error))?;
    if !status.success() {
        let said = String::from_utf8_lossy(&stderr);
        return Err(BuildError::Program(format!("`{shown}` ended with {status}: {}", said.trim())));
    }
    let text = String::from_utf8(stdout)
        .map_err(|_| BuildError::Program(format!("`{shown}` printed something else than UTF-8")))?;
    Ok(text.trim().to_owned())
}

/// Runs to the end without a word; when it fails, the error is what it said on stderr.
pub fn quietly(command: &mut Command) -> Result<(), BuildError> {
    let shown = show(command);
    let Output { status, stdout, stderr } =
        command.stdin(Stdio::null()).output().map_err(|error| cannot_start(&shown, &error))?;
    if status.success() {
        return Ok(());
    }
    let said = [stderr, stdout].into_iter().map(|text| String::from_utf8_lossy(&text).trim().to_owned());
    let said = said.filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n");
    Err(BuildError::Program(format!("{said}\n`{shown}` ended with {status}")))
}

/// Like [`run`], but ended by force after `limit`.
pub fn run_within(limit: Duration, command: &mut Command) -> Result<(), BuildError> {
    let shown = show(command);
    let mut child = command.stdin(Stdio::null()).spawn().map_err(|error| cannot_start(&shown, &error))?;
    let start = Instant::now();
    let ended = |error: &std::io::Error| BuildError::Program(format!("`{shown}` cannot be waited for: {error}"));
    loop {
        if let Some(status) = child.try_wait().map_err(|error| ended(&error))? {
            return if status.success() {
                Ok(())
            } else {
                Err(BuildError::Program(format!("`{shown}` ended with {status}")))
            };
        }
        if start.elapsed() > limit {
            child.kill().and_then(|()| child.wait()).map_err(|error| ended(&error))?;
            return Err(BuildError::Program(format!("`{shown}` did not end within {} s", limit.as_secs())));
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Where `PATH` has this program.
pub fn on_path(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
}

/// `PATH` with these folders before all others.
pub fn path_with(folders: &[&Path]) -> Result<OsString, BuildError> {
    let rest = std::env::var_os("PATH").unwrap_or_default();
    let all = folders.iter().map(|folder| folder.to_path_buf()).chain(std::env::split_paths(&rest));
    std::env::join_paths(all)
        .map_err(|_| BuildError::Program("a folder's name has the separator of PATH in it".to_owned()))
}

/// Runs Debian's `apt-get`, as root or by `sudo`.
pub fn apt_get(arguments: &[&str]) -> Result<(), BuildError> {
    if on_path("apt-get").is_none() {
        return Err(BuildError::Program("this machine has no apt-get".to_owned()));
    }
    let is_root = rustix::process::geteuid().is_root();
    let mut command = if is_root { Command::new("apt-get") } else { Command::new("sudo") };
    if !is_root {
        command.args(["-n", "apt-get"]);
    }
    command.arg("-qq").args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
    // apt's own words go to stderr: stdout is for what a command is asked for.
    run(command.stdout(std::io::stderr()))
}

fn cannot_start(shown: &str, error: &std::io::Error) -> BuildError {
    BuildError::Program(format!("cannot start `{shown}`: {error}"))
}

fn show(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args()).map(OsStr::to_string_lossy);
    words.collect::<Vec<_>>().join(" ")
}
