//! Every statement that changes rows, written once for all databases.
//!
//! Shared ground of the dialects: `$n` parameters, `UPDATE … FROM`, `RETURNING`. Rows of a batch come in as the table
//! `w`; `dialect.rs` has everything in which the databases differ.

mod access;
mod attempts;
mod claims;
mod dialect;
mod gates;
mod jobs;
mod modules;
mod nodes;
mod prune;
mod schedules;
mod secrets;
mod statement;
mod webhooks;

pub(super) use dialect::Dialect;
pub(super) use statement::{BatchStatement, Kind, Statement};

pub(super) use access::*;
pub(super) use attempts::*;
pub(super) use claims::*;
pub(super) use gates::*;
pub(super) use jobs::*;
pub(super) use modules::*;
pub(super) use nodes::*;
pub(super) use prune::*;
pub(super) use schedules::*;
pub(super) use secrets::*;
pub(super) use webhooks::*;
