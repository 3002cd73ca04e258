//! `cargo xtask dist`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::extras::Extras;
use super::{archive, attempt, debian};
use crate::dashboard;
use crate::guests::Way;
use crate::host::{self, Profile};
use crate::process::{on_path, say, stdout_of};
use crate::workspace::Workspace;

/// What everything is made from.
pub(super) struct Build<'b> {
    pub(super) root: &'b Path,
    pub(super) folder: PathBuf,
    pub(super) binary: &'b Path,
    pub(super) version: &'static str,
    /// For which machines, as the compiler calls them.
    pub(super) target: String,
    /// The time that files are given: that of the last commit.
    pub(super) at: u64,
    /// How hard to pack: what is only tried is not worth minutes.
    pub(super) packing: Packing,
}

/// How hard to pack.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Packing {
    Quick,
    Small,
}

/// Builds the program with its dashboard, and makes what is handed out.
pub(crate) fn run(workspace: &Workspace, way: Way, profile: Profile) -> Result<()> {
    dashboard::build(workspace, way)?;
    let binary = host::build(workspace, profile)?;
    for file in make(workspace, &binary, profile)? {
        println!("{}", file.display());
    }
    Ok(())
}

/// Makes archive and package from a binary, tries each, and writes their digests beside them. Gives their paths.
pub(crate) fn make(workspace: &Workspace, binary: &Path, profile: Profile) -> Result<Vec<PathBuf>> {
    let folder = workspace.target.join("dist");
    fs::create_dir_all(&folder)?;
    let stripped = folder.join("cofferdam");
    fs::copy(binary, &stripped)?;
    crate::process::run(Command::new("strip").arg("--strip-debug").arg(&stripped))?;
    let build = Build {
        root: &workspace.root,
        binary: &stripped,
        version: env!("CARGO_PKG_VERSION"),
        target: target()?,
        at: last_commit(workspace),
        packing: if profile == Profile::Release { Packing::Small } else { Packing::Quick },
        folder: folder.clone(),
    };
    let extras = Extras::of(&stripped)?;
    let archive = archive::make(&build, &extras)?;
    attempt::archive(&archive, build.version).context("the archive does not work")?;
    let mut made = vec![archive];
    if on_path("dpkg-deb").is_some() {
        let package = debian::make(&build, &extras)?;
        attempt::package(&package, build.version).context("the Debian package does not work")?;
        made.push(package);
    } else {
        say("dist: no dpkg-deb here, so there is no Debian package");
    }
    fs::remove_file(&stripped)?;
    made.push(digests(&folder, &made)?);
    Ok(made)
}

/// The file that `sha256sum --check` reads.
fn digests(folder: &Path, made: &[PathBuf]) -> Result<PathBuf> {
    let names = made.iter().filter_map(|file| file.file_name());
    let lines = stdout_of(Command::new("sha256sum").args(names).current_dir(folder))?;
    let file = folder.join("SHA256SUMS");
    fs::write(&file, lines + "\n")?;
    Ok(file)
}

fn target() -> Result<String> {
    let version = stdout_of(Command::new("rustc").arg("-vV"))?;
    version.lines().find_map(|line| line.strip_prefix("host: ")).map(str::to_owned).context("rustc names its target")
}

/// Its time in seconds; without git that of the machine's birth, so that the same files make the same archive.
fn last_commit(workspace: &Workspace) -> u64 {
    let mut log = Command::new("git");
    log.current_dir(&workspace.root).args(["log", "-1", "--format=%ct"]);
    stdout_of(&mut log).ok().and_then(|seconds| seconds.parse().ok()).unwrap_or_default()
}
