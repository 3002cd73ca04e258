//! What people and programs see: colours and tables on a terminal, plain text and JSON lines in a pipe.
//!
//! Text that comes from guests is never written to a terminal as it is.

mod bar;
pub(super) mod escape;
mod figures;
mod json_line;
mod log_printer;
mod log_view;
mod look;
mod status_word;
pub(super) mod style;
mod table;

pub(super) use bar::Bar;
pub(super) use figures::{ago, count, span_between, until};
pub(super) use json_line::{json_line, shown_json};
pub(super) use log_printer::LogPrinter;
pub(super) use log_view::LogView;
pub(super) use look::{Colours, Look, Looks};
pub(super) use status_word::{colour, status_text, status_word};
pub(super) use table::{Cell, Facts, Table};
