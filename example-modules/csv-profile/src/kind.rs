//! What a single cell looks like, and what a column's type follows from its cells.

use serde::{Deserialize, Serialize, Serializer};

/// What one cell looks like.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Cell {
    /// A whole number that 64 bits hold.
    Integer(f64),
    /// Any other finite number.
    Number(f64),
    /// `true` or `false`, in any case.
    Boolean,
    /// Everything else.
    Text,
}

impl Cell {
    pub(crate) fn of(text: &str) -> Self {
        // `inf` and `nan` would parse too; as words in a table they are texts.
        match text.parse::<f64>() {
            Ok(value) if value.is_finite() => match text.parse::<i64>() {
                Ok(_) => Self::Integer(value),
                Err(_) => Self::Number(value),
            },
            _ if text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false") => Self::Boolean,
            _ => Self::Text,
        }
    }
}

/// How many cells of a column look like what. Gaps are not among them.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize)]
pub(crate) struct Kinds {
    integer: u64,
    number: u64,
    boolean: u64,
    text: u64,
}

/// The narrowest type that fits every cell of a column that is no gap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ColumnType {
    Empty,
    Integer,
    Number,
    Boolean,
    Text,
}

impl ColumnType {
    /// The word in results and log lines.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::Boolean => "boolean",
            Self::Text => "text",
        }
    }
}

impl Serialize for ColumnType {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl Kinds {
    pub(crate) fn count(&mut self, cell: Cell) {
        match cell {
            Cell::Integer(_) => self.integer += 1,
            Cell::Number(_) => self.number += 1,
            Cell::Boolean => self.boolean += 1,
            Cell::Text => self.text += 1,
        }
    }

    pub(crate) fn column_type(self) -> ColumnType {
        match (self.integer > 0, self.number > 0, self.boolean > 0, self.text > 0) {
            (false, false, false, false) => ColumnType::Empty,
            (true, false, false, false) => ColumnType::Integer,
            (_, true, false, false) => ColumnType::Number,
            (false, false, true, false) => ColumnType::Boolean,
            _ => ColumnType::Text,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_look_like_what_they_say() {
        assert_eq!(Cell::of("-12"), Cell::Integer(-12.0));
        assert_eq!(Cell::of("3.5"), Cell::Number(3.5));
        assert_eq!(Cell::of("1e3"), Cell::Number(1000.0));
        assert_eq!(Cell::of("10000000000000000000"), Cell::Number(1e19));
        assert_eq!(Cell::of("True"), Cell::Boolean);
        for text in ["", "NaN", "inf", "1,000", "0x10", "12 mm", "1e999"] {
            assert_eq!(Cell::of(text), Cell::Text, "{text:?}");
        }
    }

    #[test]
    fn a_column_has_the_narrowest_type_that_fits() {
        let type_of = |cells: &[&str]| {
            let mut kinds = Kinds::default();
            for cell in cells {
                kinds.count(Cell::of(cell));
            }
            kinds.column_type()
        };
        assert_eq!(type_of(&[]), ColumnType::Empty);
        assert_eq!(type_of(&["1", "2"]), ColumnType::Integer);
        assert_eq!(type_of(&["1", "2.5"]), ColumnType::Number);
        assert_eq!(type_of(&["true", "FALSE"]), ColumnType::Boolean);
        assert_eq!(type_of(&["true", "1"]), ColumnType::Text);
        assert_eq!(type_of(&["1.5", "x"]), ColumnType::Text);
    }
}
