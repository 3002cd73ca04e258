//! Tables: with lines and colours on a terminal, bare columns in a pipe.

use comfy_table::{Attribute, Color, ColumnConstraint, ContentArrangement, LineStyle, TableStyle, presets};

use super::{Look, escape, status_text};
use crate::domain::Status;

/// What stands in one place of a table.
#[derive(Debug, Clone)]
pub(in crate::cli) enum Cell {
    /// Any text; shown in one line.
    Text(String),
    /// A number, aligned to the right.
    Number(String),
    /// A status with its icon and colour.
    Status(Status),
}

/// Rows under a heading. Columns stand in the order of their importance: on a narrow terminal the last ones are left out.
pub(in crate::cli) struct Table {
    look: Look,
    inner: comfy_table::Table,
    /// The column whose text may be broken into lines; it is never left out.
    flexible: Option<usize>,
}

/// A line below the heading, and nothing else.
const RULED: TableStyle = TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─'));
/// The least width that a flexible column is of use with.
const FLEXIBLE_WIDTH: u16 = 20;
/// What stands between columns.
const GAP: u16 = 2;

impl Table {
    /// An empty table.
    pub(in crate::cli) fn new(look: Look, heading: &[&str]) -> Self {
        let mut inner = comfy_table::Table::new();
        match look {
            Look::Plain => inner.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled),
            Look::Mono | Look::Colour => inner.load_style(RULED).set_content_arrangement(ContentArrangement::Dynamic),
        };
        inner.set_header(heading.iter().map(|name| match look {
            Look::Plain | Look::Mono => comfy_table::Cell::new(name.to_uppercase()),
            Look::Colour => comfy_table::Cell::new(name.to_uppercase()).add_attribute(Attribute::Dim),
        }));
        Self { look, inner, flexible: None }
    }

    /// The same, with a column whose text may be broken into lines.
    pub(in crate::cli) const fn flexible(mut self, column: usize) -> Self {
        self.flexible = Some(column);
        self
    }

    /// Adds a row.
    pub(in crate::cli) fn row(&mut self, cells: Vec<Cell>) {
        let look = self.look;
        self.inner.add_row(cells.into_iter().map(|cell| rendered(cell, look)));
    }

    /// The table as text, without a line break at its end.
    pub(in crate::cli) fn render(mut self) -> String {
        // With a rule below the heading, one more space stands between columns.
        let padding = if self.look.is_terminal() { GAP - 1 } else { GAP };
        self.inner.column_iter_mut().for_each(|column| _ = column.set_padding((0, padding)));
        if self.look.is_terminal() {
            self.fit();
        }
        if self.look == Look::Colour {
            self.inner.enforce_styling();
        }
        self.inner.trim_fmt()
    }

    /// Hides the columns for which there is no room, and keeps the others from being broken.
    fn fit(&mut self) {
        let mut left = self.inner.width().unwrap_or(u16::MAX);
        if self.flexible.is_some() {
            left = left.saturating_sub(FLEXIBLE_WIDTH + GAP);
        }
        for (column, width) in self.inner.column_max_content_widths().into_iter().enumerate() {
            if self.flexible == Some(column) {
                continue;
            }
            // The first column says what a row is about.
            let fits = column == 0 || width + GAP <= left;
            left = if fits { left.saturating_sub(width + GAP) } else { 0 };
            let constraint = if fits { ColumnConstraint::ContentWidth } else { ColumnConstraint::Hidden };
            if let Some(column) = self.inner.column_mut(column) {
                column.set_constraint(constraint);
            }
        }
    }
}

fn rendered(cell: Cell, look: Look) -> comfy_table::Cell {
    match cell {
        Cell::Text(text) => comfy_table::Cell::new(escape::one_line(&text)),
        Cell::Number(text) => comfy_table::Cell::new(text).set_alignment(comfy_table::CellAlignment::Right),
        Cell::Status(status) => {
            let cell = comfy_table::Cell::new(status_text(status, look));
            if look == Look::Colour { cell.fg(colour(status)) } else { cell }
        }
    }
}

const fn colour(status: Status) -> Color {
    match status {
        Status::Pending => Color::DarkGrey,
        Status::Running => Color::DarkBlue,
        Status::Completed => Color::DarkGreen,
        Status::Failed => Color::DarkRed,
        Status::Stopped => Color::DarkYellow,
    }
}

/// Names and values of one thing, a line each.
pub(in crate::cli) struct Facts {
    look: Look,
    facts: Vec<(&'static str, String)>,
}

impl Facts {
    /// None yet.
    pub(in crate::cli) const fn new(look: Look) -> Self {
        Self { look, facts: Vec::new() }
    }

    /// Adds one; an empty value is left out. The value may have colours of its own, so it must be harmless already.
    pub(in crate::cli) fn add(&mut self, name: &'static str, value: impl Into<String>) {
        let value = value.into();
        if !value.is_empty() {
            self.facts.push((name, value));
        }
    }

    /// All of them as text; further lines of a value are indented.
    pub(in crate::cli) fn render(self) -> String {
        let width = self.facts.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
        let line = |(name, value): &(&str, String)| {
            let name = self.look.paint(super::style::DIM, &format!("{name:<width$}"));
            format!("{name}  {}", value.replace('\n', &format!("\n{}", " ".repeat(width + 2))))
        };
        self.facts.iter().map(line).collect::<Vec<_>>().join("\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_a_pipe_a_row_is_a_line_of_columns() {
        let mut table = Table::new(Look::Plain, &["id", "status"]);
        table.row(vec![Cell::Text("a\nb".to_owned()), Cell::Status(Status::Failed)]);
        assert_eq!(table.render(), "ID    STATUS\na\\nb  failed");
    }

    #[test]
    fn a_narrow_terminal_loses_the_last_columns_and_breaks_no_id() {
        let mut table = Table::new(Look::Mono, &["id", "status", "module", "attempt"]);
        let id = "01890a5d-ac96-774b-bcce-b302099a8057".to_owned();
        table.row(vec![
            Cell::Text(id.clone()),
            Cell::Status(Status::Running),
            Cell::Text("m".repeat(30)),
            Cell::Number("1".to_owned()),
        ]);
        table.inner.set_width(60);
        let text = table.render();
        assert!(text.lines().last().is_some_and(|line| line.starts_with(&id) && line.ends_with("running")), "{text}");
        assert_eq!(text.lines().count(), 3, "{text}");
    }

    #[test]
    fn a_flexible_column_is_broken_and_never_left_out() {
        let mut table = Table::new(Look::Mono, &["#", "data"]).flexible(1);
        table.row(vec![Cell::Number("1".to_owned()), Cell::Text("word ".repeat(20))]);
        table.inner.set_width(40);
        let text = table.render();
        assert!(text.lines().all(|line| line.chars().count() <= 40) && text.matches("word").count() == 20, "{text}");
    }

    #[test]
    fn colours_are_for_coloured_terminals_alone() {
        let render = |look| {
            let mut table = Table::new(look, &["status"]);
            table.row(vec![Cell::Status(Status::Failed)]);
            table.render()
        };
        assert!(render(Look::Colour).contains('\u{1b}'));
        assert!(!render(Look::Mono).contains('\u{1b}') && render(Look::Mono).contains("✗ failed"));
    }
}
