//! `cofferdam dev`: builds and runs a module, and again whenever its sources change.
//!
//! The module runs in a process of its own, `cofferdam run`: a change ends it at once, whatever it is doing.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use clap::Args;
use cofferdam_build::{Project, Workshop};

use super::build::build_if_changed;
use super::changes::Changes;
use super::dev_file::DevFile;
use super::tools::open;
use crate::cli::failure::Verbosity;
use crate::cli::output::Looks;
use crate::cli::{Exit, Failure};
use crate::config::Environment;

/// Build and run a module, again whenever its sources change
#[derive(Debug, Args)]
#[command(after_help = "\
Runs with the inputs and settings in cofferdam.dev.json. Logs go to stderr, results to stdout. Ctrl-C ends it.

Examples:
  cofferdam dev
  cofferdam dev word-count --once")]
pub struct Dev {
    /// The project's folder
    #[arg(value_name = "FOLDER", default_value = ".")]
    folder: PathBuf,
    /// Let the module do what this JSON file says, as for `cofferdam run`
    #[arg(long, value_name = "FILE")]
    grants: Option<PathBuf>,
    /// Build and run once, and end as the run does
    #[arg(long)]
    once: bool,
}

/// How long one look for a change takes; the end of the module's run is seen in between.
const LOOK: Duration = Duration::from_millis(100);

impl Dev {
    pub(in crate::cli) fn execute(self, environment: &Environment, looks: Looks) -> Result<Exit, Failure> {
        let (project, workshop) = open(&self.folder, environment)?;
        if self.once {
            let mut run = run(&workshop, &project, self.grants.as_deref())?;
            let status = run.wait().map_err(|error| Failure::failed(format!("the run was lost: {error}")))?;
            return Ok(Exit::of_code(status.code()));
        }
        loop {
            let changes = Changes::of(project.folder())?;
            match run(&workshop, &project, self.grants.as_deref()) {
                Ok(mut run) => until_change(&changes, &mut run),
                Err(failure) => {
                    eprintln!("{}", failure.render(looks.err, Verbosity::Brief));
                    while !changes.within(Duration::from_mins(1)) {}
                }
            }
            eprintln!("--- a file has changed ---");
        }
    }
}

/// Builds, and starts what was built.
fn run(workshop: &Workshop, project: &Project, grants: Option<&Path>) -> Result<Child, Failure> {
    let component = build_if_changed(workshop, project)?;
    let file = DevFile::read(project.folder())?;
    start(&component, &file, grants).map_err(|error| Failure::failed(format!("the module cannot be run: {error}")))
}

fn start(component: &Path, file: &DevFile, grants: Option<&Path>) -> std::io::Result<Child> {
    let mut run = Command::new(std::env::current_exe()?);
    run.arg("run").arg(component).args(["--inputs", file.inputs.as_str(), "--settings", file.settings.as_str()]);
    if let Some(grants) = grants {
        run.arg("--grants").arg(grants);
    }
    run.stdin(Stdio::null()).spawn()
}

/// Waits for a change, and ends the run if it has not ended by then.
fn until_change(changes: &Changes, run: &mut Child) {
    let mut has_ended = false;
    while !changes.within(LOOK) {
        if !has_ended && let Ok(Some(status)) = run.try_wait() {
            has_ended = true;
            eprintln!("--- ended with {}; waiting for a change ---", Exit::of_code(status.code()).word());
        }
    }
    // Both fail only when it has ended already.
    drop(run.kill());
    drop(run.wait());
}
