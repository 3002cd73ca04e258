//! Where things are: the folders of this checkout and of its build, and the packages that it consists of.
//!
//! Everything comes from `cargo metadata`, so that `CARGO_TARGET_DIR` and cargo's own configuration are honoured.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::Value;

use crate::process::{self, cargo};

/// The folders whose packages are compiled to components.
const EXAMPLES: &str = "example-modules";
const TEST_GUESTS: &str = "tests/guests";

/// This checkout.
pub(crate) struct Workspace {
    /// The folder of the root `Cargo.toml`.
    pub(crate) root: PathBuf,
    /// Cargo's target folder.
    pub(crate) target: PathBuf,
    packages: Vec<(String, PathBuf)>,
}

impl Workspace {
    /// Asks cargo.
    pub(crate) fn find() -> Result<Self> {
        let mut ask = cargo();
        ask.args(["metadata", "--no-deps", "--format-version", "1"]);
        let metadata: Value = serde_json::from_str(&process::stdout_of(&mut ask)?)?;
        let path = |field: &str| metadata[field].as_str().map(PathBuf::from).with_context(|| format!("no {field}"));
        let packages = metadata["packages"].as_array().into_iter().flatten().filter_map(|package| {
            let folder = Path::new(package["manifest_path"].as_str()?).parent()?;
            Some((package["name"].as_str()?.to_owned(), folder.to_owned()))
        });
        Ok(Self { root: path("workspace_root")?, target: path("target_directory")?, packages: packages.collect() })
    }

    /// The names of the packages that are guests, sorted.
    pub(crate) fn rust_guests(&self) -> Vec<&str> {
        self.packages_in(&[EXAMPLES, TEST_GUESTS])
    }

    /// The names of the guests that are there to be used, sorted.
    pub(crate) fn examples(&self) -> Vec<&str> {
        self.packages_in(&[EXAMPLES])
    }

    fn packages_in(&self, folders: &[&str]) -> Vec<&str> {
        let is_inside = |folder: &Path| folders.iter().any(|guests| folder.starts_with(self.root.join(guests)));
        let inside = self.packages.iter().filter(|(_, folder)| is_inside(folder));
        let mut names: Vec<&str> = inside.map(|(name, _)| name.as_str()).collect();
        names.sort_unstable();
        names
    }

    /// Where the finished components are, as `NAME.wasm`.
    pub(crate) fn modules(&self) -> PathBuf {
        self.target.join("modules")
    }

    /// The bytes of one of them.
    pub(crate) fn component(&self, name: &str) -> Result<Vec<u8>> {
        let file = self.modules().join(name).with_extension("wasm");
        std::fs::read(&file).with_context(|| format!("cannot read {}", file.display()))
    }
}
