//! `promtool`, which checks what `/metrics` says and when alerts fire: what is installed, or the one in Debian's package.
//! The package is taken apart and not installed, since it would start a server.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::process::say;

/// Puts it into the folder of tools where there is none. Without it, the tests that need it say so and are skipped.
pub(crate) fn install(tools: &Path) {
    let folder = tools.join("promtool");
    let on_path = std::env::var_os("PATH");
    let mut folders = on_path.iter().flat_map(std::env::split_paths).chain([folder.join("usr/bin")]);
    if folders.any(|folder| folder.join("promtool").is_file()) {
        return;
    }
    say("tests: no promtool: taking it from Debian's package `prometheus`, into the folder of tools");
    if let Err(error) = fetch(&folder) {
        say(format_args!("tests: it cannot be had, so the metrics and alerts are not checked: {error:#}"));
    }
}

fn fetch(folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder)?;
    let download = || run(folder, "apt-get", &["download", "prometheus"]);
    // A machine that has no list of packages yet gets one.
    download().or_else(|_| crate::process::apt_get(&["update"]).and_then(|()| download()))?;
    let is_package = |path: &Path| path.extension().is_some_and(|end| end == "deb");
    let mut files = std::fs::read_dir(folder)?.filter_map(|entry| Some(entry.ok()?.path()));
    let package = files.find(|path| is_package(path)).context("no package was downloaded")?;
    let name = package.file_name().and_then(|name| name.to_str()).context("the package has no name")?;
    run(folder, "dpkg-deb", &["--extract", name, "."])?;
    std::fs::remove_file(&package)?;
    Ok(())
}

fn run(folder: &Path, program: &str, arguments: &[&str]) -> Result<()> {
    let mut command = Command::new(program);
    let done = command.args(arguments).current_dir(folder).output().with_context(|| format!("no {program}"))?;
    let said = String::from_utf8_lossy(&done.stderr);
    ensure!(done.status.success(), "{program} {}: {}", arguments.join(" "), said.trim());
    Ok(())
}
