//! Every statement that changes rows, written once for all databases.
//!
//! Shared ground of the dialects: `$n` parameters, `UPDATE … FROM`, `RETURNING`. Rows of a batch come in as the table
//! `w`, which each database makes in its own way from the columns that the statement names.

mod attempts;
mod batch_statement;
mod jobs;
mod modules;
mod nodes;

pub(super) use batch_statement::{BatchStatement, Kind};

pub(super) use attempts::*;
pub(super) use jobs::*;
pub(super) use modules::*;
pub(super) use nodes::*;
