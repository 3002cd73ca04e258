//! `/v1/modules`.

pub(crate) mod add;
pub(crate) mod component;
pub(crate) mod get;
pub(crate) mod grants;
pub(crate) mod list;
mod module_json;
pub(crate) mod remove;
pub(crate) mod report;
mod report_json;
mod sight;

use sight::seen;
pub(crate) use sight::sees;
