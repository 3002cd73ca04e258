//! Takes what was made apart again, as somebody would who got it, and runs what is in it.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::process::{run, stdout_of};

/// The archive: unpacked, the program runs, and its settings are right.
pub(super) fn archive(archive: &Path, version: &str) -> Result<()> {
    let folder = tempfile::tempdir()?;
    run(Command::new("tar")
        .args(["--extract", "--strip-components=1", "--file"])
        .arg(archive)
        .arg("--directory")
        .arg(folder.path()))?;
    works(&folder.path().join("cofferdam"), &folder.path().join("cofferdam.toml"), version)?;
    for path in ["man/man1/cofferdam-serve.1", "packaging/cofferdam.service", "docs/monitoring.md", "wit/module.wit"] {
        ensure!(folder.path().join(path).is_file(), "the archive has no {path}");
    }
    Ok(())
}

/// The package: `dpkg-deb` reads it, what it would install runs, and its service starts that.
pub(super) fn package(package: &Path, version: &str) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let field = |name: &str| stdout_of(Command::new("dpkg-deb").arg("--field").arg(package).arg(name));
    ensure!(field("Version")? == version, "the package is of another version");
    run(Command::new("dpkg-deb").arg("--extract").arg(package).arg(folder.path()))?;
    works(&folder.path().join("usr/bin/cofferdam"), &folder.path().join("etc/cofferdam/cofferdam.toml"), version)?;
    let unit = folder.path().join("usr/lib/systemd/system/cofferdam.service");
    let unit = std::fs::read_to_string(unit).context("the package has no service")?;
    let start = unit.lines().find_map(|line| line.strip_prefix("ExecStart=")).context("the service starts nothing")?;
    for word in start.split_whitespace().filter(|word| word.starts_with('/')) {
        ensure!(folder.path().join(&word[1..]).is_file(), "the service names {word}, which the package does not have");
    }
    Ok(())
}

fn works(program: &Path, settings: &Path, version: &str) -> Result<()> {
    let said = stdout_of(Command::new(program).arg("--version"))?;
    ensure!(said == format!("cofferdam {version}"), "the program says `{said}` of its version");
    let checked = stdout_of(Command::new(program).args(["config", "check"]).arg(settings))?;
    ensure!(checked.contains("the settings are right"), "{checked}");
    Ok(())
}
