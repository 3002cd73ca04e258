//! `/v1/tokens`: who may use this host.

pub(crate) mod create;
pub(crate) mod list;
pub(crate) mod own;
pub(crate) mod revoke;
mod token_json;
