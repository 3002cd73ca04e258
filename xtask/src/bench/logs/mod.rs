//! Lines of logs: how many are stored, and how soon readers have them.

pub(super) mod fan_out;
mod flood;
pub(super) mod log_lines;
pub(super) mod stalled;
