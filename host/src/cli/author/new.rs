//! `cofferdam new`: a project that works as it is.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;
use cofferdam_build::{Language, ProjectName, begin};

use super::tools::refuse;
use crate::cli::{Exit, Failure};

/// Begin a module: a project that can be built and tested as it is
#[derive(Debug, Args)]
#[command(after_help = "\
The project holds the module, a test in the language's own way, cases for `cofferdam test`, and the SDK: building needs
nothing from elsewhere but the language's own tools, which `cofferdam build` finds or installs.

Examples:
  cofferdam new word-count --language python
  cofferdam new word-count --language rust --folder ~/modules")]
pub struct New {
    /// The module's name: lowercase words joined by hyphens
    name: ProjectName,
    /// rust, python, javascript (or typescript), go or c
    #[arg(long, short)]
    language: Language,
    /// The folder in which the project's folder is made
    #[arg(long, value_name = "FOLDER", default_value = ".")]
    folder: PathBuf,
}

impl New {
    pub(in crate::cli) fn execute(self) -> Result<Exit, Failure> {
        let project = begin(&self.folder, &self.name, self.language).map_err(refuse)?;
        let shown =
            if self.folder == Path::new(".") { self.name.to_string() } else { project.folder().display().to_string() };
        let mut out = std::io::stdout().lock();
        writeln!(out, "{shown} is a module in {}. Next:\n", self.language)?;
        for (command, what) in [
            (format!("cd {shown}"), ""),
            ("cofferdam build".to_owned(), "makes the component"),
            ("cofferdam test".to_owned(), "runs the cases in tests/cases/"),
            ("cofferdam dev".to_owned(), "runs it, again whenever a file changes"),
        ] {
            writeln!(out, "{}", format!("  {command:<18}{what}").trim_end())?;
        }
        Ok(Exit::Done)
    }
}
