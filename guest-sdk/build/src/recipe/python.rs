//! Python: `componentize-py` makes a component out of the interpreter and the project's sources.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use toml_edit::DocumentMut;

use crate::process::quietly;
use crate::toolchain::{pip, virtual_environment};
use crate::{BuildError, Project, Workshop};

/// The Python package, at the version that was tried; its interpreter is the one of the next constant.
const COMPONENTIZE: &str = "componentize-py==0.25.1";
const INTERPRETER: &str = "3.14";

pub(crate) fn build(workshop: &Workshop, project: &Project, component: &Path) -> Result<(), BuildError> {
    let environment = virtual_environment(workshop, "python-0.25.1", &[COMPONENTIZE], "componentize-py")?;
    let application = application(&project.folder)?;
    let packages = install_packages(workshop, project, &environment)?;
    let mut componentize = Command::new(environment.join("bin/componentize-py"));
    componentize.env("RUST_BACKTRACE", "0").env_remove("VIRTUAL_ENV");
    componentize.arg("--quiet").arg("--wit-path").arg(&project.wit);
    componentize.args(["--world", "module", "--world-module", "cofferdam_bindings", "componentize"]);
    for path in [Some(&project.folder), Some(&project.sdk), packages.as_ref()].into_iter().flatten() {
        componentize.arg("--python-path").arg(path);
    }
    componentize.arg("--output").arg(component).arg(application);
    quietly(&mut componentize).map_err(shortened)
}

/// The Python module that is the project's: `module` of `[tool.cofferdam]`, or `app`.
fn application(project: &Path) -> Result<String, BuildError> {
    let path = project.join("pyproject.toml");
    let text = fs::read_to_string(&path).map_err(BuildError::file("read", &path))?;
    let document: DocumentMut =
        text.parse().map_err(|error| BuildError::Project(format!("{}: {error}", path.display())))?;
    let named = document.get("tool").and_then(|tool| tool.get("cofferdam")?.get("module")?.as_str());
    Ok(named.unwrap_or("app").to_owned())
}

/// What the project's `requirements.txt` asks for, as pure Python; nothing without one.
fn install_packages(workshop: &Workshop, project: &Project, environment: &Path) -> Result<Option<PathBuf>, BuildError> {
    let requirements = project.folder.join("requirements.txt");
    if !requirements.is_file() {
        return Ok(None);
    }
    let packages = project.folder.join("build/packages");
    workshop.say("installing the packages of requirements.txt");
    let mut install = pip(environment, "install");
    install.arg("--upgrade").arg("--target").arg(&packages);
    install.args(["--only-binary", ":all:", "--platform", "any", "--python-version", INTERPRETER]);
    install.args(["--implementation", "py", "--abi", "none", "-r"]).arg(&requirements);
    let by_hand = "only packages in pure Python run in a module; take others out of requirements.txt";
    quietly(&mut install).map_err(|error| error.or_by_hand(by_hand))?;
    Ok(Some(packages))
}

/// The tool wraps Python's stack trace in one of its own.
fn shortened(error: BuildError) -> BuildError {
    let text = error.to_string();
    let own = text.split_once("AssertionError: ").and_then(|(_, rest)| rest.split_once("Caused by:"));
    own.map_or(error, |(trace, _)| BuildError::Project(trace.trim().to_owned()))
}
