//! Rust: `cargo build` for `wasm32-wasip2`, whose linker makes the component.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::process::stdout_of;
use crate::{BuildError, Project, WasmCargo, Workshop};

pub(crate) fn build(workshop: &Workshop, project: &Project, component: &Path) -> Result<(), BuildError> {
    let mut cargo = WasmCargo::prepare(workshop)?.build()?;
    cargo.current_dir(&project.folder).args(["--release", "--message-format=json-render-diagnostics"]);
    let messages = stdout_of(cargo.stderr(std::process::Stdio::inherit()))?;
    let built =
        messages.lines().filter_map(|line| made(&serde_json::from_str(line).ok()?, &project.folder)).next_back();
    let Some(built) = built else {
        return Err(BuildError::Project(
            "the build made no component: the library's `crate-type` in Cargo.toml must hold \"cdylib\"".to_owned(),
        ));
    };
    fs::copy(&built, component).map_err(BuildError::file("copy", &built)).map(drop)
}

/// The component that one message of cargo's tells of, if it is of the project itself.
fn made(message: &Value, project: &Path) -> Option<PathBuf> {
    let is_own = message["manifest_path"].as_str().is_some_and(|path| Path::new(path) == project.join("Cargo.toml"));
    if message["reason"] != "compiler-artifact" || !is_own {
        return None;
    }
    let files = message["filenames"].as_array()?.iter().filter_map(Value::as_str);
    files.map(PathBuf::from).find(|file| file.extension().is_some_and(|ending| ending == "wasm"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_component_is_the_projects_own() {
        let message = |path: &str, files: &[&str]| json!({"reason": "compiler-artifact", "manifest_path": path, "filenames": files});
        let project = Path::new("/p");
        assert_eq!(made(&message("/p/Cargo.toml", &["/t/p.wasm", "/t/libp.rlib"]), project), Some("/t/p.wasm".into()));
        assert_eq!(made(&message("/p/sdk/Cargo.toml", &["/t/sdk.wasm"]), project), None);
        assert_eq!(made(&message("/p/Cargo.toml", &["/t/libp.rlib"]), project), None);
    }
}
