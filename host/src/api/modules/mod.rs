//! `/v1/modules`.

pub(crate) mod add;
pub(crate) mod component;
pub(crate) mod get;
pub(crate) mod list;
mod module_json;
pub(crate) mod remove;
mod sight;

pub(crate) use sight::sees;
