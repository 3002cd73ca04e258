//! The rules of the house, each a function from sources to complaints, so that the rules themselves can be tested.
//!
//! Nothing here runs or links the host: sources are read as tokens, so that a path inside a macro counts and a comment does
//! not.

mod behaviours;
mod floors;
mod names;
mod only_here;
mod paths;
mod promises;
mod sizes;
mod source;
mod texts;
mod tree;

pub(crate) use behaviours::{behaviours_of, unbroken, untested};
pub(crate) use floors::floor_breaches;
pub(crate) use names::{banned_names, logic_in_mod_rs, unnamed_folders};
pub(crate) use only_here::out_of_place;
pub(crate) use promises::unproven;
pub(crate) use sizes::{crowded_folders, large_files, large_folders, long_functions, oversized_files};
pub(crate) use source::Source;
pub(crate) use texts::{addresses_in_lock_file, machine_paths, stale_bindings};
pub(crate) use tree::Tree;
