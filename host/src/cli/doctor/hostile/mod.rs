//! Hostile modules, each with the end that a host should give it, and what that does to everybody else.

mod honest;
mod latency;
mod one_row;
mod report;
mod row;
mod run;
mod seen;
mod table;
mod visit;

pub(super) use report::{Listing, list, show};
pub(super) use row::Row;
pub(super) use run::{Plan, Visited, visit};
pub(super) use table::rows;
