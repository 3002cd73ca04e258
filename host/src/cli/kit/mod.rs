//! `cofferdam test`: runs a module over its author's cases, in this process, and kills it at its checkpoints.

mod case;
mod case_file;
mod checkpoint_check;
mod command;
mod difference;
mod expectation;
mod golden;
mod module_choice;
mod player;
mod suite;
mod verdict;

pub(super) use command::Test;
