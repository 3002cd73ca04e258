//! Schedules: who may put what, when each fires next, and the task that fires them.

mod desk;
mod due;
mod error;
mod firing;
mod timetable;

pub use desk::Pause;
pub use error::ScheduleError;
pub(super) use firing::run;
