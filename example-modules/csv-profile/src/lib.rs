//! Profiles the columns of a CSV table in one pass and bounded memory.
//!
//! `table` reads rows and remembers places, `column` sums up the cells of one column with the help of `kind`,
//! `distinct` and `quantiles`, `state` is all of that at one moment and the checkpoint's shape, `profile` is the shape
//! of the results, and `work` goes through the table and talks with the host.

mod column;
mod distinct;
mod kind;
mod options;
mod profile;
mod quantiles;
mod state;
mod table;
mod work;

use cofferdam_sdk::{Failure, Job};

pub use options::{Inputs, Settings};

/// Saves one result for each column of `inputs.csv`.
#[cofferdam_sdk::module]
pub fn run(job: &Job, inputs: &Inputs, settings: &Settings) -> Result<(), Failure> {
    settings.check()?;
    work::profile(job, inputs, settings)
}
