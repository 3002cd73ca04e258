//! The guests that are built with an SDK of another language than Rust: examples, and modules for tests. Beside them the one
//! on `StarlingMonkey`, whose tools may be out of reach as well.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use cofferdam_build::{BuildError, Language, Project, Way, Workshop};

use super::workshop::workshop;
use super::{python, starlingmonkey};
use crate::process::say;
use crate::workspace::Workspace;

/// Where those are listed whose tools cannot be had on this machine, with the reason.
const NOT_BUILT: &str = "not-built.txt";

/// A module and where its component goes.
struct Guest {
    /// What is said of it when it is not built.
    name: String,
    project: Project,
    component: PathBuf,
}

/// Builds all of them into [`Workspace::modules`], but those that are newer than their sources; gives their files.
///
/// A module whose tools are missing and cannot be installed is named, here and in a file beside the others: what needs
/// it can say that it did not run.
pub(crate) fn build(workspace: &Workspace, way: Way) -> Result<Vec<PathBuf>> {
    let modules = workspace.modules();
    fs::create_dir_all(&modules)?;
    python::prepare();
    let workshop = workshop(workspace, way);
    let (mut built, mut not_built) = (Vec::new(), Vec::new());
    let mut note = |name: &str, outcome: Result<PathBuf, BuildError>| {
        match outcome {
            Ok(component) => built.push(component),
            Err(BuildError::Tool { what, by_hand }) => {
                say(format_args!("guests: {name} is not built: {what}; {by_hand}"));
                let reason = what.lines().next().unwrap_or_default();
                not_built.push(format!("{name}: {reason}\n"));
            }
            Err(error) => return Err(error).with_context(|| format!("{name} could not be built")),
        }
        Ok(())
    };
    for guest in guests(workspace)? {
        note(&guest.name, make(&workshop, &guest).map(|()| guest.component.clone()))?;
    }
    note(starlingmonkey::NAME, starlingmonkey::build(workspace, &workshop))?;
    fs::write(modules.join(NOT_BUILT), not_built.concat())?;
    Ok(built)
}

fn make(workshop: &Workshop, guest: &Guest) -> Result<(), BuildError> {
    if guest.project.is_built(&guest.component) {
        return Ok(());
    }
    say(format_args!("guests: building {} ({})", guest.name, guest.project.language()));
    workshop.build(&guest.project, &guest.component)
}

fn guests(workspace: &Workspace) -> Result<Vec<Guest>> {
    // What stands before the name of a language in the names of modules that show something in several.
    let parents =
        [("example-modules", ""), ("tests/guests/conformance", "conformance-"), ("tests/guests/reaching", "reaching-")];
    let mut guests = Vec::new();
    for (parent, prefix) in parents {
        for entry in fs::read_dir(workspace.root.join(parent))? {
            let folder = entry?.path();
            let Some(language) = Language::of(&folder).filter(|language| *language != Language::Rust) else { continue };
            let project = Project::with_sdk(&folder, &sdk(workspace, language), &workspace.root.join("wit"))?;
            let name = format!("{prefix}{}", folder.file_name().unwrap_or_default().to_string_lossy());
            let component = workspace.modules().join(&name).with_extension("wasm");
            guests.push(Guest { name, project, component });
        }
    }
    guests.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(guests)
}

fn sdk(workspace: &Workspace, language: Language) -> PathBuf {
    workspace.root.join("guest-sdk").join(language.name())
}
