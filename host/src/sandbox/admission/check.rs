//! The checks in their order: cheapest first, and nothing that a later one needs to be true.

use wasmtime::Engine;

use super::outline::Outline;
use super::{AdmissionError, bytes, features, fit, outline, resources, walk};
use crate::domain::JobLimits;

/// What can be known of a file without compiling it.
#[derive(Debug, Default)]
pub(in crate::sandbox) struct Examination {
    /// Names that the component imports.
    pub(in crate::sandbox) imports: Vec<String>,
    /// Names of what it exports.
    pub(in crate::sandbox) exports: Vec<String>,
    /// Everything for which the host would refuse it, what matters most first.
    pub(in crate::sandbox) faults: Vec<AdmissionError>,
}

/// Checks everything that can be known without compiling; tells the first fault.
pub(in crate::sandbox) fn check(bytes: &[u8], engine: &Engine, limits: &JobLimits) -> Result<(), AdmissionError> {
    examine(bytes, engine, limits).faults.into_iter().next().map_or(Ok(()), Err)
}

/// The same, and tells every fault.
pub(in crate::sandbox) fn examine(bytes: &[u8], engine: &Engine, limits: &JobLimits) -> Examination {
    let mut examination = Examination::default();
    if let Err(unreadable) = examine_into(&mut examination, bytes, engine, limits) {
        examination.faults.push(unreadable);
    }
    examination
}

/// An error is a fault after which nothing more can be known.
fn examine_into(
    examination: &mut Examination,
    bytes: &[u8],
    engine: &Engine,
    limits: &JobLimits,
) -> Result<(), AdmissionError> {
    bytes::check_kind(bytes)?;
    walk::walk(bytes)?;
    let validated = features::validate(bytes, engine.get_wasm_features())?;
    examination.faults.extend(validated.faults);
    let outline = outline::read(bytes)?;
    examination.faults.extend(resources::outline_faults(&outline, limits));
    examination.faults.extend(fit::check_imports(&outline, &validated.types).err());
    examination.faults.extend(fit::check_exports(&outline, &validated.types).err());
    let Outline { imports, exports, .. } = outline;
    examination.imports = imports;
    examination.exports = exports.into_iter().map(|(name, _)| name).collect();
    Ok(())
}

impl AdmissionError {
    /// Whether the component is sound in itself, and only does not fit this host: compiling it can tell more.
    pub(in crate::sandbox) const fn is_about_fit(&self) -> bool {
        matches!(self, Self::Imports(_) | Self::NoRunner(_) | Self::RunnerVersion(_) | Self::RunnerLacks(_))
    }
}
