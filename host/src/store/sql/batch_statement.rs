//! A statement over the rows of a batch, and how its text is made.

use std::sync::OnceLock;

use crate::domain::Event;

/// What a column of the table `w` holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) enum Kind {
    Int,
    Text,
    Bytes,
}

/// A statement whose rows come in together as the table `w`.
pub(in crate::store) struct BatchStatement {
    pub(in crate::store) columns: &'static [(&'static str, Kind)],
    body: &'static str,
    text: OnceLock<String>,
}

impl BatchStatement {
    pub(in crate::store) const fn new(columns: &'static [(&'static str, Kind)], body: &'static str) -> Self {
        Self { columns, body, text: OnceLock::new() }
    }

    /// The whole text. `rows` makes the query whose columns are those of `w`; it is asked once.
    pub(in crate::store) fn text(&'static self, rows: impl Fn(&[(&str, Kind)]) -> String) -> &'static str {
        self.text.get_or_init(|| format!("WITH w AS MATERIALIZED ({}) {}", rows(self.columns), guarded(self.body)))
    }
}

/// Fills `{claim}`, `{complete}`, `{fail}`, `{stop}`, `{release}` and `{resume}` with the statuses from which that may
/// happen, so that no statement has an opinion of its own.
pub(in crate::store) fn guarded(statement: &str) -> String {
    [
        ("{claim}", Event::Claim),
        ("{complete}", Event::Complete),
        ("{fail}", Event::Fail),
        ("{stop}", Event::Stop),
        ("{release}", Event::Release),
        ("{resume}", Event::Resume),
    ]
    .into_iter()
    .fold(statement.to_owned(), |text, (name, event)| {
        let sources: Vec<_> = event.sources().map(|status| format!("'{status}'")).collect();
        text.replace(name, &sources.join(", "))
    })
}

/// A single statement with guards, filled once.
pub(in crate::store) struct Guarded {
    body: &'static str,
    text: OnceLock<String>,
}

impl Guarded {
    pub(in crate::store) const fn new(body: &'static str) -> Self {
        Self { body, text: OnceLock::new() }
    }

    pub(in crate::store) fn text(&'static self) -> &'static str {
        self.text.get_or_init(|| guarded(self.body))
    }
}
