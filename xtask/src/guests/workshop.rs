//! The workshop of this checkout, whose tools are kept with everything else that is built.

use cofferdam_build::{Way, Workshop};

use crate::process::say;
use crate::workspace::Workspace;

pub(crate) fn workshop(workspace: &Workspace, way: Way) -> Workshop {
    Workshop::new(workspace.target.join("tools"), |what| say(format_args!("guests: {what}"))).with_way(way)
}
