//! What a job is and what it did: commands that change nothing.

mod checkpoint;
mod list;
mod logs;
mod results;
mod show;

pub(super) use checkpoint::Checkpoint;
pub(super) use list::List;
pub(super) use logs::Logs;
pub(super) use results::{ResultsCommand, print_all};
pub(super) use show::Show;
