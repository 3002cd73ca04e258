//! Statements that go to `SQLite` together: each way to the thread that it runs on and back wakes two threads, which takes
//! longer than a small statement does.

use std::collections::HashMap;
use std::sync::Arc;

use crate::store::session::Value;

/// What waits for the next statement, which goes with it.
#[derive(Default)]
pub(super) struct Waiting {
    texts: Vec<&'static str>,
    values: Vec<Value>,
    /// For how many rows there is room in each of its statements of rows.
    rooms: Vec<usize>,
    /// The texts that were put together before, by where their parts begin.
    known: HashMap<Vec<usize>, Arc<str>>,
}

impl Waiting {
    pub(super) fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }

    /// Whether a statement of rows may wait, too. Two are enough, and both with the same room: of more there would be too
    /// many texts to prepare.
    pub(super) fn has_place_for(&self, room: usize) -> bool {
        match self.rooms.as_slice() {
            [] => true,
            [other] => *other == room,
            _ => false,
        }
    }

    /// Adds a statement that answers nothing and has no parameters.
    pub(super) fn add(&mut self, text: &'static str) {
        self.texts.push(text);
    }

    /// Adds one that has a value for each parameter, none of which has a number, of so many rows.
    pub(super) fn add_rows(&mut self, text: &'static str, room: usize, values: Vec<Value>) {
        self.texts.push(text);
        self.rooms.push(room);
        self.values.extend(values);
    }

    /// What waits and behind it a statement, as one text, with the values of all.
    pub(super) fn with(&mut self, last: &'static str, values: Vec<Value>) -> (Arc<str>, Vec<Value>) {
        self.texts.push(last);
        let parts = self.texts.iter().map(|text| text.as_ptr().addr()).collect();
        let before = self.values.len();
        let text = self.known.entry(parts).or_insert_with(|| {
            let [first @ .., last] = self.texts.as_slice() else {
                unreachable!("one was added");
            };
            format!("{};{}", first.join(";"), moved_on(last, before)).into()
        });
        let text = Arc::clone(text);
        self.texts.clear();
        self.rooms.clear();
        self.values.extend(values);
        (text, std::mem::take(&mut self.values))
    }

    /// Gives up what waits.
    pub(super) fn clear(&mut self) {
        self.texts.clear();
        self.rooms.clear();
        self.values.clear();
    }
}

/// A statement whose numbered parameters come after so many others.
fn moved_on(text: &str, by: usize) -> String {
    let mut parts = text.split('$');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |moved, part| {
        let end = part.find(|c: char| !c.is_ascii_digit()).unwrap_or(part.len());
        let (number, rest) = part.split_at(end);
        let number: usize = number.parse().expect("a parameter has a number");
        format!("{moved}${}{rest}", number + by)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbered_parameters_come_after_the_values_of_what_waits() {
        let mut waiting = Waiting::default();
        waiting.add("BEGIN");
        waiting.add_rows("INSERT INTO t VALUES (?, ?)", 1, vec![Value::Int(1), Value::Int(2)]);
        let (text, values) = waiting.with("SELECT $2, $1, $10", vec![Value::Int(3)]);
        assert_eq!(&*text, "BEGIN;INSERT INTO t VALUES (?, ?);SELECT $4, $3, $12");
        assert_eq!(values, [Value::Int(1), Value::Int(2), Value::Int(3)]);
        assert!(waiting.is_empty() && waiting.has_place_for(1));
    }

    #[test]
    fn two_statements_with_the_same_room_for_rows_wait_together() {
        let mut waiting = Waiting::default();
        waiting.add_rows("INSERT INTO t VALUES (?)", 1, vec![Value::Int(1)]);
        assert!(waiting.has_place_for(1) && !waiting.has_place_for(8));
        waiting.add_rows("INSERT INTO u VALUES (?)", 1, vec![Value::Int(2)]);
        assert!(!waiting.has_place_for(1));
        waiting.clear();
        assert!(waiting.is_empty() && waiting.has_place_for(8));
    }
}
