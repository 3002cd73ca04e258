//! Builds the host's binary.

use std::path::PathBuf;

use anyhow::Result;

use crate::process::{self, cargo};
use crate::workspace::Workspace;

/// How to build.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profile {
    /// Builds quickly; what demonstration and tests run.
    Dev,
    /// Runs quickly; what the bench measures.
    Release,
}

/// What builds for tests have beside the usual: places where the host dies or fails when a test says so. One set for
/// program, tests and lints, so that nothing is built twice.
pub(crate) const TEST_FEATURES: [&str; 2] = ["--features", "cofferdam/failpoints"];

/// Builds `cofferdam` and gives its path.
///
/// Of the workspace, not of its package: dependencies get the features that the tests give them, and are built once.
pub(crate) fn build(workspace: &Workspace, profile: Profile) -> Result<PathBuf> {
    let mut build = cargo();
    build.current_dir(&workspace.root).args(["build", "--locked", "--workspace", "--bin", "cofferdam"]);
    let folder = match profile {
        Profile::Dev => {
            build.args(TEST_FEATURES);
            "debug"
        }
        Profile::Release => {
            build.arg("--release");
            "release"
        }
    };
    process::run(&mut build)?;
    Ok(workspace.target.join(folder).join(format!("cofferdam{}", std::env::consts::EXE_SUFFIX)))
}
