//! `/v1/jobs/resume`, `/v1/jobs/stop`, `/v1/jobs/delete`: many jobs at once.

pub(crate) mod delete;
mod each;
mod many_json;
pub(crate) mod resume;
pub(crate) mod stop;
