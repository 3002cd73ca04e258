//! A module that misbehaves in every way that the host must survive. The job's inputs choose which.
//!
//! `list` names all behaviours, `behaviour` makes the inputs' type from it, and each theme has its own file.
//! A behaviour that the host allows to go on says what it met in results `{"tried": …, "answer": …}`.

#[macro_use]
mod list;
mod behaviour;

mod calls;
mod compute;
mod count;
mod ending;
mod folders;
mod invalid;
mod log_lines;
mod memory;
mod reach_out;
mod save;
mod sockets;
mod streams;
mod trap;
mod wait;

use cofferdam_sdk::{Failure, Job};

pub use behaviour::Behaviour;

/// Behaves as the inputs say.
#[cofferdam_sdk::module]
pub fn run(job: &Job, inputs: Behaviour) -> Result<(), Failure> {
    inputs.behave(job)
}
