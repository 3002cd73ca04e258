//! The table's text: its header, and its rows from any place that was reached before.

use cofferdam_sdk::Failure;
use csv::{Reader, ReaderBuilder, StringRecord, Trim};
use serde::{Deserialize, Serialize};

/// More columns than this are a mistake in the delimiter far sooner than a table.
const COLUMNS_MAX: usize = 1_000;

/// The start of a row.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub(crate) struct Place {
    /// Bytes before the row.
    pub(crate) byte: u64,
    /// The row's line, counted from 1.
    pub(crate) line: u64,
}

#[derive(Debug)]
pub(crate) struct Table<'a> {
    text: &'a str,
    delimiter: u8,
    pub(crate) header: StringRecord,
    /// Where the first row after the header starts.
    pub(crate) first_row: Place,
}

impl<'a> Table<'a> {
    /// Reads the header.
    pub(crate) fn open(text: &'a str, delimiter: u8) -> Result<Self, Failure> {
        // Spreadsheets mark UTF-8 this way.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut rows = Rows::new(text, delimiter, Place { byte: 0, line: 1 });
        let mut header = StringRecord::new();
        if !rows.read(&mut header)? {
            return Err(Failure::permanent("inputs.csv is empty: its first line must name the columns"));
        }
        if header.len() > COLUMNS_MAX {
            return Err(Failure::permanent(format!(
                "inputs.csv has {} columns, and at most {COLUMNS_MAX} are profiled: is settings.delimiter right?",
                header.len()
            )));
        }
        Ok(Self { text, delimiter, header, first_row: rows.next_place() })
    }

    pub(crate) fn bytes(&self) -> u64 {
        self.text.len() as u64
    }

    /// The rows from `place` on, which an earlier reader of the same table reached.
    pub(crate) fn rows_from(&self, place: Place) -> Result<Rows<'a>, Failure> {
        let rest = usize::try_from(place.byte).ok().and_then(|byte| self.text.get(byte..));
        let rest = rest.ok_or_else(|| {
            Failure::permanent(format!("checkpoint.place is at byte {}, where no row of inputs.csv starts", place.byte))
        })?;
        Ok(Rows::new(rest, self.delimiter, place))
    }
}

/// Reads row after row.
#[derive(Debug)]
pub(crate) struct Rows<'a> {
    reader: Reader<&'a [u8]>,
    start: Place,
}

impl<'a> Rows<'a> {
    fn new(text: &'a str, delimiter: u8, start: Place) -> Self {
        let reader = ReaderBuilder::new()
            .delimiter(delimiter)
            .has_headers(false)
            .flexible(true)
            .trim(Trim::All)
            .from_reader(text.as_bytes());
        Self { reader, start }
    }

    /// Reads the next row into `row`. Returns `false` at the end.
    pub(crate) fn read(&mut self, row: &mut StringRecord) -> Result<bool, Failure> {
        Ok(self.reader.read_record(row)?)
    }

    /// Where the next row starts.
    pub(crate) fn next_place(&self) -> Place {
        let position = self.reader.position();
        Place { byte: self.start.byte + position.byte(), line: self.start.line + position.line() - 1 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\u{feff}name, note\r\n\"Ä, x\",\"two\nlines\"\r\n\r\nB, b\r\nC, c";

    fn rest(table: &Table<'_>, place: Place) -> Vec<Vec<String>> {
        let mut rows = table.rows_from(place).expect("the place is a row's");
        let mut row = StringRecord::new();
        let mut all = Vec::new();
        while rows.read(&mut row).expect("the text is UTF-8") {
            all.push(row.iter().map(str::to_owned).collect());
        }
        all
    }

    #[test]
    fn reading_goes_on_from_every_row() {
        let table = Table::open(TEXT, b',').expect("there is a header");
        assert_eq!(table.header, vec!["name", "note"]);
        let expected = [["Ä, x", "two\nlines"], ["B", "b"], ["C", "c"]];
        let mut rows = table.rows_from(table.first_row).expect("it is a row's place");
        let mut row = StringRecord::new();
        for done in 0..=expected.len() {
            assert_eq!(rest(&table, rows.next_place()), expected[done..], "after {done} rows");
            assert_eq!(rows.read(&mut row).expect("the text is UTF-8"), done < expected.len());
        }
    }

    #[test]
    fn lines_are_counted_from_the_top_wherever_reading_starts() {
        let table = Table::open("a\n1\n2\n3\n", b',').expect("there is a header");
        let mut row = StringRecord::new();
        let mut rows = table.rows_from(table.first_row).expect("it is a row's place");
        rows.read(&mut row).expect("there is a row");
        let mut rows = table.rows_from(rows.next_place()).expect("it is a row's place");
        assert_eq!(rows.next_place(), Place { byte: 4, line: 3 });
        rows.read(&mut row).expect("there is a row");
        assert_eq!(rows.next_place(), Place { byte: 6, line: 4 });
    }

    #[test]
    fn a_place_of_another_table_is_refused() {
        let table = Table::open("ä\nö\n", b',').expect("there is a header");
        for byte in [1, 99] {
            let failure = table.rows_from(Place { byte, line: 1 }).expect_err("no row starts there");
            assert!(failure.message().contains(&format!("byte {byte}")), "{failure}");
        }
    }
}
