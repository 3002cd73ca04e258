//! Finds the files of the checkout.

use std::fs;
use std::path::{Path, PathBuf};

use super::source::Source;

/// Folders that hold what was made or fetched, never what was written.
const NOT_OURS: [&str; 5] = [".git", "target", "node_modules", "cofferdam-data", "dist"];

/// Every file of the checkout, by its path from the root with `/` between the parts.
pub(crate) struct Tree {
    root: PathBuf,
    files: Vec<String>,
}

impl Tree {
    /// The checkout that this test was compiled from.
    pub(crate) fn of_this_checkout() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ lies in the root").to_owned();
        let mut files = Vec::new();
        collect(&root, &root, &mut files);
        files.sort();
        assert!(files.iter().any(|file| file == "Cargo.toml"), "{} is not the root", root.display());
        Self { root, files }
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    pub(crate) fn files(&self) -> impl Iterator<Item = &str> {
        self.files.iter().map(String::as_str)
    }

    /// The text of a file, or nothing when it does not exist or is no text.
    pub(crate) fn text(&self, path: &str) -> Option<String> {
        fs::read_to_string(self.root.join(path)).ok()
    }

    /// The Rust sources below a folder; `""` is all of them.
    pub(crate) fn sources(&self, folder: &str) -> Vec<Source> {
        let wanted = |path: &&str| path.starts_with(folder) && Path::new(path).extension().is_some_and(|it| it == "rs");
        let read = |path: &str| Source::parse(path, &self.text(path).expect("a Rust source is UTF-8"));
        self.files().filter(wanted).map(read).collect()
    }
}

fn collect(root: &Path, folder: &Path, files: &mut Vec<String>) {
    for entry in fs::read_dir(folder).expect("the checkout can be read") {
        let path = entry.expect("the checkout can be read").path();
        let name = path.file_name().expect("an entry has a name").to_string_lossy();
        if path.is_dir() {
            let is_build = path.join("CACHEDIR.TAG").exists();
            if !is_build && !NOT_OURS.contains(&name.as_ref()) {
                collect(root, &path, files);
            }
        } else {
            let inside = path.strip_prefix(root).expect("it was found below the root");
            files.push(inside.to_string_lossy().replace('\\', "/"));
        }
    }
}
