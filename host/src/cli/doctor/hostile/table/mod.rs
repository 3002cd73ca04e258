//! The table: every behaviour, in a file for each thing that it attacks.

mod bombs;
mod calls;
mod granted;
mod memory;
mod output;
mod processor;
mod reach;
mod rows;
mod saves;
mod traps;
mod uploads;

pub(in crate::cli::doctor) use rows::rows;
pub(super) use rows::{HONEST_ANSWERS, honest};
