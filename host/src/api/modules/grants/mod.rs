//! `/v1/modules/{module_id}/grants`.

mod body;
pub(crate) mod get;
pub(super) mod grants_json;
pub(crate) mod put;
