//! Makes a component out of a core module that speaks WASI's first preview.

use std::fs;
use std::path::Path;

use wasi_preview1_component_adapter_provider::{
    WASI_SNAPSHOT_PREVIEW1_ADAPTER_NAME, WASI_SNAPSHOT_PREVIEW1_REACTOR_ADAPTER,
};
use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

use crate::{BuildError, Project};

/// The world with everything that a module may import: of it a component imports only what its core module does.
const WORLD: &str = "module-http";

/// The core module says nothing of its world, so that is added first.
pub(super) fn wrap(project: &Project, core: &Path, component: &Path) -> Result<(), BuildError> {
    let mut module = fs::read(core).map_err(BuildError::file("read", core))?;
    let wrong = |error: &dyn std::fmt::Display| {
        BuildError::Project(format!("no component can be made of {}: {error}", core.display()))
    };
    let mut resolve = Resolve::default();
    let (package, _) = resolve.push_path(&project.wit).map_err(|error| wrong(&format!("{error:#}")))?;
    let world = resolve.select_world(&[package], Some(WORLD)).map_err(|error| wrong(&format!("{error:#}")))?;
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8, false)
        .map_err(|error| wrong(&format!("{error:#}")))?;
    let mut encoder = ComponentEncoder::default();
    let bytes = encoder
        .validate(true)
        .module(&module)
        .and_then(|encoder| {
            encoder.adapter(WASI_SNAPSHOT_PREVIEW1_ADAPTER_NAME, WASI_SNAPSHOT_PREVIEW1_REACTOR_ADAPTER)
        })
        .and_then(ComponentEncoder::encode)
        .map_err(|error| wrong(&format!("{error:#}")))?;
    fs::write(component, bytes).map_err(BuildError::file("write", component))
}
