//! `promtool`, which checks what `/metrics` says and when alerts fire: what is installed, or the one in Debian's package.
//! The package is taken apart and not installed, since it would start a server.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use crate::process::{apt_get, on_path, say, stdout_of};

/// Puts it into the folder of tools where there is none. Without it, the tests that need it say so and are skipped.
pub(crate) fn install(tools: &Path) {
    let folder = tools.join("promtool");
    if on_path("promtool").is_some() || folder.join("usr/bin/promtool").is_file() {
        return;
    }
    say("tests: no promtool: taking it from Debian's package `prometheus`, into the folder of tools");
    if let Err(error) = fetch(&folder) {
        say(format_args!("tests: it cannot be had, so the metrics and alerts are not checked: {error:#}"));
    }
}

fn fetch(folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder)?;
    let here = |program: &str, arguments: &[&str]| {
        stdout_of(Command::new(program).args(arguments).current_dir(folder)).map(drop)
    };
    let download = || here("apt-get", &["download", "prometheus"]);
    // A machine that has no list of packages yet gets one.
    download().or_else(|_| apt_get(&["update"]).and_then(|()| download()))?;
    let is_package = |path: &Path| path.extension().is_some_and(|end| end == "deb");
    let mut files = std::fs::read_dir(folder)?.filter_map(|entry| Some(entry.ok()?.path()));
    let package = files.find(|path| is_package(path)).context("no package was downloaded")?;
    let name = package.file_name().and_then(|name| name.to_str()).context("the package has no name")?;
    here("dpkg-deb", &["--extract", name, "."])?;
    std::fs::remove_file(&package)?;
    Ok(())
}
