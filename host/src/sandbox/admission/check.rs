//! The checks in their order: cheapest first, and nothing that a later one needs to be true.

use wasmtime::Engine;

use super::{AdmissionError, bytes, features, fit, outline, resources};
use crate::domain::JobLimits;

/// Checks everything that can be known without compiling, cheapest first.
pub(in crate::sandbox) fn check(bytes: &[u8], engine: &Engine, limits: &JobLimits) -> Result<(), AdmissionError> {
    bytes::check_kind(bytes)?;
    let types = features::validate(bytes, engine.get_wasm_features())?;
    let outline = outline::read(bytes)?;
    resources::check_outline(&outline, limits)?;
    fit::check_imports(&outline, &types)?;
    fit::check_exports(&outline, &types)
}
