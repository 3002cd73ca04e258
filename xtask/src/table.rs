//! Text in columns.

use std::fmt::{self, Display, Formatter, Write};

/// Rows under a heading; figures stand to the right, words to the left.
pub(crate) struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    pub(crate) fn new(heading: &[&str]) -> Self {
        Self { rows: vec![heading.iter().map(|&cell| cell.to_owned()).collect()] }
    }

    /// Adds a row, with as many cells as the heading.
    pub(crate) fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(cells.into_iter().collect());
    }

    fn width(&self, column: usize) -> usize {
        self.rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max().unwrap_or(0)
    }

    /// Whether every cell below the heading begins like a number.
    fn holds_figures(&self, column: usize) -> bool {
        let begins_like_number = |cell: &str| cell.starts_with(|first: char| first.is_ascii_digit() || first == '-');
        let mut cells =
            self.rows.iter().skip(1).filter_map(|row| row.get(column)).filter(|cell| !cell.is_empty()).peekable();
        cells.peek().is_some() && cells.all(|cell| begins_like_number(cell))
    }
}

impl Display for Table {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        for row in &self.rows {
            let mut line = String::new();
            for (column, cell) in row.iter().enumerate() {
                let width = self.width(column);
                if self.holds_figures(column) {
                    write!(line, "  {cell:>width$}")?;
                } else {
                    write!(line, "  {cell:<width$}")?;
                }
            }
            writeln!(formatter, "{}", line.trim_end())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_stand_to_the_right_and_words_to_the_left() {
        let mut table = Table::new(&["what", "a second"]);
        table.row(["jobs".to_owned(), "1000".to_owned()]);
        table.row(["log lines".to_owned(), "-1".to_owned()]);
        assert_eq!(table.to_string(), "  what       a second\n  jobs           1000\n  log lines        -1\n");
    }
}
