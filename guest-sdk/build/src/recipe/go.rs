//! Go: its own compiler makes a core module, which is wrapped.

use std::path::Path;
use std::process::Command;

use super::wrap::wrap;
use crate::process::quietly;
use crate::toolchain::go;
use crate::{BuildError, Project, Workshop};

pub(crate) fn build(workshop: &Workshop, project: &Project, component: &Path) -> Result<(), BuildError> {
    let core = component.with_extension("core.wasm");
    let mut build = Command::new(go(workshop)?);
    build.current_dir(&project.folder);
    build.args(["build", "-buildmode=c-shared", "-trimpath", "-ldflags", "-w", "-o"]).arg(&core).arg(".");
    for (name, value) in [
        ("GOOS", "wasip1"),
        ("GOARCH", "wasm"),
        ("CGO_ENABLED", "0"),
        ("GOTOOLCHAIN", "local"),
        ("GOWORK", "off"),
        ("GOFLAGS", "-buildvcs=false"),
    ] {
        build.env(name, value);
    }
    quietly(build.env("GOCACHE", workshop.tool_folder("go-cache")?))?;
    let wrapped = wrap(project, &core, component);
    // Only a step on the way; nothing depends on its removal.
    let _ = std::fs::remove_file(core);
    wrapped
}
