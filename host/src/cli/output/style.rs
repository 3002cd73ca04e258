//! The colours. Never alone: an icon or a word goes with each.

use anstyle::{AnsiColor, Style};

/// Less important than its surroundings.
pub(in crate::cli) const DIM: Style = Style::new().dimmed();
/// The word `error`.
pub(in crate::cli) const ERROR: Style = AnsiColor::Red.on_default().bold();
/// Failed; errors.
pub(in crate::cli) const RED: Style = AnsiColor::Red.on_default();
/// Stopped; warnings.
pub(in crate::cli) const AMBER: Style = AnsiColor::Yellow.on_default();
/// Completed.
pub(in crate::cli) const GREEN: Style = AnsiColor::Green.on_default();
/// Running.
pub(in crate::cli) const BLUE: Style = AnsiColor::Blue.on_default();
/// Pending.
pub(in crate::cli) const GREY: Style = AnsiColor::BrightBlack.on_default();
