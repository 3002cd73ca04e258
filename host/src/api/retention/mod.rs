//! `/v1/retention`.

pub(crate) mod get;
