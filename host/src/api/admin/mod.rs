//! `/v1/admin`.

pub(crate) mod backup;
