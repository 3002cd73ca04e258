//! Whether the bytes are a valid component, and which features of wasm they would need if they are not valid here.

use wasmparser::types::Types;
use wasmparser::{BinaryReaderError, Validator, WasmFeatures};

use super::AdmissionError;

/// What toolchains may use and this host leaves out.
const LEFT_OUT: [(WasmFeatures, &str); 14] = [
    (WasmFeatures::THREADS, "threads and shared memory"),
    (WasmFeatures::SHARED_EVERYTHING_THREADS, "shared-everything threads"),
    (WasmFeatures::GC_TYPES, "garbage collection and references to other things than functions"),
    (WasmFeatures::FUNCTION_REFERENCES, "typed function references"),
    (WasmFeatures::EXCEPTIONS, "exceptions"),
    (WasmFeatures::LEGACY_EXCEPTIONS, "legacy exceptions"),
    (WasmFeatures::MEMORY64, "64-bit memories"),
    (WasmFeatures::RELAXED_SIMD, "relaxed SIMD"),
    (WasmFeatures::STACK_SWITCHING, "stack switching"),
    (WasmFeatures::WIDE_ARITHMETIC, "wide arithmetic"),
    (WasmFeatures::CUSTOM_PAGE_SIZES, "custom page sizes"),
    (WasmFeatures::CM_ERROR_CONTEXT, "error contexts"),
    (WasmFeatures::CM_FIXED_LENGTH_LISTS, "lists of fixed length"),
    (WasmFeatures::CM_MAP, "maps"),
];

/// The component model's async side, in all its parts.
const ASYNC: WasmFeatures = WasmFeatures::CM_ASYNC
    .union(WasmFeatures::CM_ASYNC_STACKFUL)
    .union(WasmFeatures::CM_MORE_ASYNC_BUILTINS)
    .union(WasmFeatures::CM_THREADING);

/// A component that breaks no rule of the format.
pub(super) struct Validated {
    pub(super) types: Types,
    /// What it needs and this host leaves out.
    pub(super) faults: Vec<AdmissionError>,
}

/// Checks the bytes against `features`; where they are not valid, says what they need. An error is a component that
/// would be valid nowhere.
pub(super) fn validate(bytes: &[u8], features: WasmFeatures) -> Result<Validated, AdmissionError> {
    let refused = match validated(bytes, features) {
        Ok(types) => return Ok(Validated { types, faults: Vec::new() }),
        Err(error) => error,
    };
    let all = LEFT_OUT.iter().fold(features | ASYNC, |all, (feature, _)| all | *feature);
    let types = validated(bytes, all).map_err(|error| malformed(&error))?;
    let mut faults = Vec::new();
    if validated(bytes, all.difference(ASYNC)).is_err() {
        faults.push(AdmissionError::ComponentModelAsync);
    }
    let needed = LEFT_OUT
        .iter()
        .filter(|(feature, _)| !features.contains(*feature) && validated(bytes, all.difference(*feature)).is_err());
    let needed: Vec<_> = needed.map(|(_, name)| *name).collect();
    if !needed.is_empty() {
        faults.push(AdmissionError::FeaturesOff(needed));
    }
    if faults.is_empty() { Err(malformed(&refused)) } else { Ok(Validated { types, faults }) }
}

fn validated(bytes: &[u8], features: WasmFeatures) -> Result<Types, BinaryReaderError> {
    Validator::new_with_features(features).validate_all(bytes)
}

/// wasmparser's complaint as ours.
pub(super) fn malformed(error: &BinaryReaderError) -> AdmissionError {
    if error.message().starts_with("unexpected end") {
        AdmissionError::Truncated(error.offset())
    } else {
        AdmissionError::Malformed { reason: error.message().to_owned(), at: error.offset() }
    }
}
