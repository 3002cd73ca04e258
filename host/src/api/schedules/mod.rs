//! `/v1/schedules`: jobs that are started again and again.

pub(crate) mod create;
#[cfg(test)]
mod documented;
pub(crate) mod get;
pub(crate) mod list;
pub(crate) mod next;
pub(crate) mod pause;
pub(crate) mod preview;
pub(crate) mod put_json;
pub(crate) mod remove;
pub(crate) mod replace;
pub(crate) mod resume;
pub(crate) mod run;
pub(crate) mod runs;
mod schedule_json;
