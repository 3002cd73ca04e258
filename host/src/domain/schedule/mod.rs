//! Schedules: which job is started again and again, when, and what has become of it.

mod name;
mod policy;
mod record;
mod template;

pub use name::{InvalidScheduleName, ScheduleName, ScheduleRef};
pub use policy::{CatchUp, CatchUpPolicy, InvalidCatchUpPolicy, InvalidOverlap, Overlap};
pub use record::{
    JobSchedule, NextRun, RunCause, Schedule, SchedulePage, SchedulePlan, ScheduleRun, ScheduleRunPage, ScheduleRunWhat,
};
pub use template::JobTemplate;
