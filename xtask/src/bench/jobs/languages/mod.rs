//! What a module costs in each language: the conformance modules, which do the same, on a host of their own.

mod costs;
mod scenario;
mod table;

pub(in crate::bench) use scenario::measure;
