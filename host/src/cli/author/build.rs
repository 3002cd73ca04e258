//! `cofferdam build`: one command for every language.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::Args;
use cofferdam_build::{Project, Workshop};

use super::tools::{open, refuse};
use crate::cli::{Exit, Failure};
use crate::config::Environment;

/// Build the module in a project's folder
#[derive(Debug, Args)]
#[command(after_help = "\
The language is told by the file that its projects have: Cargo.toml, pyproject.toml, package.json, go.mod or a file of C.
Tools that are missing are installed for you alone, into COFFERDAM_TOOLS (default ~/.cache/cofferdam/tools), and it is
said before it is done. The component's path goes to stdout, everything else to stderr.

Examples:
  cofferdam build
  cofferdam build word-count --output /tmp/word-count.wasm
  cofferdam module add \"$(cofferdam build)\"")]
pub struct Build {
    /// The project's folder
    #[arg(value_name = "FOLDER", default_value = ".")]
    folder: PathBuf,
    /// Where the component goes [default: build/NAME.wasm in the project]
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

impl Build {
    pub(in crate::cli) fn execute(self, environment: &Environment) -> Result<Exit, Failure> {
        let (project, workshop) = open(&self.folder, environment)?;
        let component = self.output.unwrap_or_else(|| project.component());
        build(&workshop, &project, &component)?;
        writeln!(std::io::stdout().lock(), "{}", component.display())?;
        Ok(Exit::Done)
    }
}

/// The component of a project, built if a source has changed since; nothing when the folder holds no project.
pub(in crate::cli) fn up_to_date(folder: &Path, environment: &Environment) -> Result<Option<PathBuf>, Failure> {
    if Project::open(folder).is_err() {
        return Ok(None);
    }
    let (project, workshop) = open(folder, environment)?;
    build_if_changed(&workshop, &project).map(Some)
}

/// The project's component, which is built if a source has changed since.
pub(super) fn build_if_changed(workshop: &Workshop, project: &Project) -> Result<PathBuf, Failure> {
    let component = project.component();
    if !project.is_built(&component) {
        build(workshop, project, &component)?;
    }
    Ok(component)
}

/// Builds, and says on stderr what came of it.
fn build(workshop: &Workshop, project: &Project, component: &Path) -> Result<(), Failure> {
    let start = Instant::now();
    workshop.build(project, component).map_err(refuse)?;
    let size = fs::metadata(component).map_or(0, |file| file.len());
    let size = bytesize::ByteSize::b(size);
    eprintln!("built {} in {:.1} s: {size}", project.language(), start.elapsed().as_secs_f64());
    Ok(())
}
