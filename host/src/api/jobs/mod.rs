//! `/v1/jobs`.

pub(crate) mod attempts;
pub(crate) mod batch;
pub(crate) mod checkpoint;
pub(crate) mod delete;
#[cfg(test)]
mod documented;
pub(crate) mod get;
pub(crate) mod history;
pub(crate) mod job_json;
pub(crate) mod keep;
pub(crate) mod list;
pub(crate) mod logs;
pub(crate) mod many;
pub(crate) mod parts;
pub(crate) mod results;
pub(crate) mod resume;
pub(crate) mod start;
pub(crate) mod stop;
