//! Folders of files, laid out.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::run::Packing;
use crate::process::run;

/// A folder that is filled.
pub(super) struct Tree(PathBuf);

impl Tree {
    /// Begins anew.
    pub(super) fn new(folder: PathBuf) -> Result<Self> {
        if folder.exists() {
            fs::remove_dir_all(&folder).with_context(|| format!("cannot remove {}", folder.display()))?;
        }
        let tree = Self(folder);
        tree.folder("")?;
        Ok(tree)
    }

    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    fn folder(&self, path: &str) -> Result<PathBuf> {
        let folder = self.0.join(path);
        fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        Ok(folder)
    }

    /// A file of these bytes.
    pub(super) fn write(&self, path: &str, bytes: &[u8]) -> Result<()> {
        let file = self.0.join(path);
        fs::create_dir_all(file.parent().context("a file lies in a folder")?)?;
        fs::write(&file, bytes).with_context(|| format!("cannot write {}", file.display()))?;
        Ok(fs::set_permissions(&file, fs::Permissions::from_mode(0o644))?)
    }

    /// A file that is run.
    pub(super) fn write_program(&self, path: &str, bytes: &[u8]) -> Result<()> {
        self.write(path, bytes)?;
        Ok(fs::set_permissions(self.0.join(path), fs::Permissions::from_mode(0o755))?)
    }

    /// A copy of a file, or of all files in a folder and below.
    pub(super) fn copy(&self, from: &Path, to: &str) -> Result<()> {
        if from.is_file() {
            let bytes = fs::read(from).with_context(|| format!("cannot read {}", from.display()))?;
            return self.write(to, &bytes);
        }
        let entries = fs::read_dir(from).with_context(|| format!("cannot read {}", from.display()))?;
        for entry in entries {
            let entry = entry?;
            let name = entry.file_name().into_string().ok().context("names in this repository are text")?;
            self.copy(&entry.path(), &format!("{to}/{name}"))?;
        }
        Ok(())
    }
}

/// The bytes packed by gzip, the same for the same bytes.
pub(super) fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    let file = tempfile::NamedTempFile::new()?;
    fs::write(file.path(), bytes)?;
    let packed = Command::new("gzip").args(["-9", "--no-name", "--stdout"]).arg(file.path()).output()?;
    anyhow::ensure!(packed.status.success(), "gzip ended with {}", packed.status);
    Ok(packed.stdout)
}

/// Packs folders that lie in `parent` into one file: of nobody's, and the same for the same files.
pub(super) fn tar(parent: &Path, folder: &str, into: &Path, (at, packing): (u64, Packing)) -> Result<()> {
    let packer = match packing {
        Packing::Quick => "gzip -1 --no-name",
        Packing::Small => "gzip -9 --no-name",
    };
    let mut tar = Command::new("tar");
    tar.args(["--sort=name", "--owner=0", "--group=0", "--numeric-owner", &format!("--mtime=@{at}"), "--create"]);
    run(tar.args(["--use-compress-program", packer, "--file"]).arg(into).arg("--directory").arg(parent).arg(folder))
}
