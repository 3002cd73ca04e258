//! The archive: unpack it anywhere, and there is everything.

use std::fs;
use std::path::PathBuf;

use anyhow::Result;

use super::extras::Extras;
use super::files::{Tree, tar};
use super::run::Build;

/// What lies beside the program as it lies here.
const COPIED: [&str; 9] = [
    "README.md",
    "CHANGELOG.md",
    "SECURITY.md",
    "ARCHITECTURE.md",
    "LICENSE-MIT",
    "LICENSE-APACHE",
    "docs",
    "packaging",
    "wit",
];

/// Makes it, and gives its path.
pub(super) fn make(build: &Build<'_>, extras: &Extras) -> Result<PathBuf> {
    let name = format!("cofferdam-{}-{}", build.version, build.target);
    let tree = Tree::new(build.folder.join(&name))?;
    tree.write_program("cofferdam", &fs::read(build.binary)?)?;
    tree.write("cofferdam.toml", extras.settings.as_bytes())?;
    for (page, text) in &extras.pages {
        tree.write(&format!("man/man1/{page}"), text.as_bytes())?;
    }
    for (shell, script) in &extras.completions {
        tree.write(&format!("completions/cofferdam.{shell}"), script.as_bytes())?;
    }
    for path in COPIED {
        tree.copy(&build.root.join(path), path)?;
    }
    let archive = build.folder.join(format!("{name}.tar.gz"));
    tar(&build.folder, &name, &archive, (build.at, build.packing))?;
    fs::remove_dir_all(tree.path())?;
    Ok(archive)
}
