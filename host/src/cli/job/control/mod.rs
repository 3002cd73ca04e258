//! Commands that change what becomes of a job.

mod delete;
mod keep;
mod many;
mod resume;
mod start;
mod stop;

pub(super) use delete::Delete;
pub(super) use keep::Keep;
pub(super) use resume::Resume;
pub(super) use start::Start;
pub(in crate::cli) use start::{Then, started};
pub(super) use stop::Stop;
