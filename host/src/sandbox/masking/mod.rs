//! Known secret values in what a guest says: each becomes its placeholder before anything is kept.
//!
//! A net, not a wall: a value that is split, or encoded in a way that `forms` does not know, passes.

mod forms;
mod imports;
mod json;
mod masker;

pub(super) use imports::MaskedImports;
pub(in crate::sandbox) use masker::Masker;
