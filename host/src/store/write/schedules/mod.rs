//! The writes of schedules: what they are, and what they do.

mod apply;
mod firing;

pub(super) use apply::apply;
pub use firing::{Fired, Firing, NewRun, NewRunWhat, ScheduleWrite};
