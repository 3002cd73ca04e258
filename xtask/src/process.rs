//! Other programs: how they are run, what is said when they fail, and how long they may take.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// The cargo that runs this program, or the one on `PATH`.
pub(crate) fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Says on stderr what is being done.
pub(crate) fn say(what: impl std::fmt::Display) {
    eprintln!("xtask: {what}");
}

/// Runs to the end, with the output shown; any other exit than success is an error.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let shown = show(command);
    let status = command.status().with_context(|| format!("cannot start `{shown}`"))?;
    if !status.success() {
        bail!("`{shown}` ended with {status}");
    }
    Ok(())
}

/// Runs to the end and gives what it printed on stdout, trimmed; stderr is part of the error when it fails.
pub(crate) fn stdout_of(command: &mut Command) -> Result<String> {
    let shown = show(command);
    let Output { status, stdout, stderr } = command.output().with_context(|| format!("cannot start `{shown}`"))?;
    if !status.success() {
        bail!("`{shown}` ended with {status}: {}", String::from_utf8_lossy(&stderr).trim());
    }
    Ok(String::from_utf8(stdout).with_context(|| format!("`{shown}` printed something else than UTF-8"))?.trim().into())
}

/// Like [`run`], but ended by force after `limit`.
pub(crate) fn run_within(limit: Duration, command: &mut Command) -> Result<()> {
    let shown = show(command);
    let mut child = command.stdin(Stdio::null()).spawn().with_context(|| format!("cannot start `{shown}`"))?;
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            if status.success() {
                return Ok(());
            }
            bail!("`{shown}` ended with {status}");
        }
        if start.elapsed() > limit {
            child.kill()?;
            child.wait()?;
            bail!("`{shown}` did not end within {} s", limit.as_secs());
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Where `PATH` has this program.
pub(crate) fn on_path(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
}

/// `PATH` with these folders before all others.
pub(crate) fn path_with(folders: &[&Path]) -> Result<std::ffi::OsString> {
    let rest = std::env::var_os("PATH").unwrap_or_default();
    let all = folders.iter().map(|folder| folder.to_path_buf()).chain(std::env::split_paths(&rest));
    std::env::join_paths(all).context("a folder's name has the separator of PATH in it")
}

/// Runs Debian's `apt-get`, as root or by `sudo`.
pub(crate) fn apt_get(arguments: &[&str]) -> Result<()> {
    if on_path("apt-get").is_none() {
        bail!("this machine has no apt-get");
    }
    let is_root = stdout_of(Command::new("id").arg("-u"))? == "0";
    let mut command = if is_root { Command::new("apt-get") } else { Command::new("sudo") };
    if !is_root {
        command.args(["-n", "apt-get"]);
    }
    command.arg("-qq").args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
    // apt's own words go to stderr: stdout is for what a command is asked for.
    run(command.stdout(std::io::stderr())).context("Debian's packages could not be installed")
}

fn show(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args()).map(OsStr::to_string_lossy);
    words.collect::<Vec<_>>().join(" ")
}
