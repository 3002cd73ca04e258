//! Parts of a job, as requests and answers write them.

pub(crate) mod keys_json;
pub(crate) mod retry_json;
