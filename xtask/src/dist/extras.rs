//! What the program says of itself: settings explained, manual pages, completions.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use crate::process::stdout_of;

/// Texts that the binary makes.
pub(super) struct Extras {
    /// The settings file with every setting explained.
    pub(super) settings: String,
    /// Manual pages: name and text, by name.
    pub(super) pages: Vec<(String, String)>,
    /// Completions: the shell and its script.
    pub(super) completions: [(&'static str, String); 3],
}

impl Extras {
    /// Asks the binary.
    pub(super) fn of(binary: &Path) -> Result<Self> {
        let say = |arguments: &[&str]| stdout_of(Command::new(binary).args(arguments)).map(|text| text + "\n");
        let folder = tempfile::tempdir()?;
        let path = folder.path().to_str().context("a temporary folder's name is text")?;
        say(&["manual", path])?;
        let mut pages = Vec::new();
        for entry in fs::read_dir(folder.path())? {
            let entry = entry?;
            let name = entry.file_name().into_string().ok().context("a page's name is text")?;
            pages.push((name, fs::read_to_string(entry.path())?));
        }
        pages.sort();
        let completions = ["bash", "zsh", "fish"].map(|shell| say(&["completions", shell]).map(|text| (shell, text)));
        let [bash, zsh, fish] = completions;
        Ok(Self { settings: say(&["config", "example"])?, pages, completions: [bash?, zsh?, fish?] })
    }
}
