//! A guest's standard streams: each line becomes a log line, in the order in which the guest wrote them.

mod lines;
mod queue;
mod stream;

pub use lines::split_lines;
pub(in crate::sandbox) use lines::split_lines_around;
pub(in crate::sandbox) use queue::Stdio;
