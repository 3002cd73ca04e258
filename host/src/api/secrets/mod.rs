//! `/v1/secrets`: values that modules may use in requests and never see.

pub(crate) mod list;
pub(crate) mod put;
pub(crate) mod remove;
mod secret_json;
