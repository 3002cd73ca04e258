//! A job's status as people see it: icon, word and colour, the same as in the dashboard.

use anstyle::Style;

use super::{Look, style};
use crate::domain::Status;

/// Icon and word on a terminal; the bare word in a pipe, where programs compare it.
pub(in crate::cli) fn status_text(status: Status, look: Look) -> String {
    match look {
        Look::Plain => status.as_str().to_owned(),
        Look::Mono | Look::Colour => format!("{} {status}", icon(status)),
    }
}

/// The same, in its colour.
pub(in crate::cli) fn status_word(status: Status, look: Look) -> String {
    look.paint(colour(status), &status_text(status, look))
}

/// The colour of a status.
pub(in crate::cli) const fn colour(status: Status) -> Style {
    match status {
        Status::Pending => style::GREY,
        Status::Running => style::BLUE,
        Status::Completed => style::GREEN,
        Status::Failed => style::RED,
        Status::Stopped => style::AMBER,
    }
}

const fn icon(status: Status) -> &'static str {
    match status {
        Status::Pending => "◷",
        Status::Running => "●",
        Status::Completed => "✓",
        Status::Failed => "✗",
        Status::Stopped => "■",
    }
}
