//! `cargo xtask dashboard`: the build, and what is asked for before and after it.

use anyhow::Result;
use cofferdam_build::Way;

use super::{browser, build, client};
use crate::guests;
use crate::host::{self, Profile};
use crate::workspace::Workspace;

/// What is done beside the build.
pub(crate) struct Steps {
    /// The client's types are generated anew before it.
    pub(crate) client: bool,
    /// The tests are run after it.
    pub(crate) test: bool,
}

/// Does them.
pub(crate) fn run(workspace: &Workspace, way: Way, steps: &Steps) -> Result<()> {
    if steps.client {
        client::generate(workspace, way)?;
    }
    build::build(workspace, way)?;
    if steps.test {
        guests::build_rust(workspace, way)?;
        browser::test(workspace, way, &host::build(workspace, Profile::Dev)?)?;
    }
    Ok(())
}
