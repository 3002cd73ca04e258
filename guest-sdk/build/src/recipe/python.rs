//! Python: `componentize-py` makes a component out of the interpreter and the project's sources.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use toml_edit::{DocumentMut, Item, TomlError};

use crate::process::quietly;
use crate::toolchain::{pip, virtual_environment};
use crate::{BuildError, Project, Workshop};

/// The Python package, at the version that was tried; its interpreter is the one of the next constant.
const COMPONENTIZE: &str = "componentize-py==0.25.1";
const INTERPRETER: &str = "3.14";
/// The contract's types keep this name beside those of `wasi:http`.
const NAME_OF_TYPES: &str = "cofferdam:module/types@0.1.0=types";

pub(crate) fn build(workshop: &Workshop, project: &Project, component: &Path) -> Result<(), BuildError> {
    let environment = virtual_environment(workshop, "python-0.25.1", &[COMPONENTIZE], "componentize-py")?;
    let Asked { application, world } = asked(&project.folder)?;
    let packages = install_packages(workshop, project, &environment)?;
    let mut componentize = Command::new(environment.join("bin/componentize-py"));
    componentize.env("RUST_BACKTRACE", "0").env_remove("VIRTUAL_ENV");
    componentize.arg("--quiet").arg("--wit-path").arg(&project.wit);
    componentize.args(["--world", world, "--world-module", "cofferdam_bindings"]);
    componentize.args(["--import-interface-name", NAME_OF_TYPES, "componentize"]);
    for path in [Some(&project.folder), Some(&project.sdk), packages.as_ref()].into_iter().flatten() {
        componentize.arg("--python-path").arg(path);
    }
    componentize.arg("--output").arg(component).arg(application);
    quietly(&mut componentize).map_err(shortened)
}

/// What a project's `pyproject.toml` asks for in `[tool.cofferdam]`.
#[derive(Debug, PartialEq, Eq)]
struct Asked {
    /// `module`: the Python module that is the project's, `app` unless given.
    application: String,
    /// `http = true` asks for the world with HTTP. A component in Python imports all of its world, used or not.
    world: &'static str,
}

fn asked(project: &Path) -> Result<Asked, BuildError> {
    let path = project.join("pyproject.toml");
    let text = fs::read_to_string(&path).map_err(BuildError::file("read", &path))?;
    read_asked(&text).map_err(|error| BuildError::Project(format!("{}: {error}", path.display())))
}

fn read_asked(text: &str) -> Result<Asked, String> {
    let document: DocumentMut = text.parse().map_err(|error: TomlError| error.to_string())?;
    let table = document.get("tool").and_then(|tool| tool.get("cofferdam"));
    let entry = |name| table.and_then(|table| table.get(name));
    let text_of = |item: &Item| item.as_str().map(str::to_owned).ok_or("`module` must be the name of a Python module");
    let switch_of = |item: &Item| item.as_bool().ok_or("`http` must be true or false");
    let wants_http = entry("http").map_or(Ok(false), switch_of)?;
    Ok(Asked {
        application: entry("module").map_or_else(|| Ok("app".to_owned()), text_of)?,
        world: if wants_http { "module-http" } else { "module" },
    })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_project_says_its_module_and_whether_it_calls_servers() {
        let asked = |text: &str| read_asked(text).map(|asked| (asked.application, asked.world));
        assert_eq!(asked(""), Ok(("app".to_owned(), "module")));
        assert_eq!(asked("[tool.cofferdam]\nmodule = \"main\"\nhttp = true"), Ok(("main".to_owned(), "module-http")));
        assert_eq!(asked("[tool]\ncofferdam = { http = false }"), Ok(("app".to_owned(), "module")));
        for (wrong, said) in
            [("http = \"yes\"", "`http` must be"), ("module = 1", "`module` must be"), ("http", "TOML")]
        {
            let error = asked(&format!("[tool.cofferdam]\n{wrong}")).expect_err(wrong);
            assert!(error.contains(said), "{error}");
        }
    }
}
