//! Schedules: what may be put, when they fire, and what becomes of what was missed.

mod command_line;
mod desk;
mod firing;
mod missing;
mod views;

pub(crate) use views::Scheduled;
